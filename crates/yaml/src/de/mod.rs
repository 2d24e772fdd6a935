//! Reading a node into a `serde` type, with spans for everything that does not fit.
//!
//! Scalars have the types Kubernetes gives them. A field that the type does not know is noted with
//! the span of its key; a value of the wrong type is an error with the span of that value. No
//! message ever repeats a value.

mod access;
mod error;

use std::cell::RefCell;

use careen_text::Span;
use serde::de::{DeserializeOwned, Deserializer, Visitor};

use crate::arena::Kind;
use crate::node::Node;
use crate::scalar::Scalar;
use error::Error;

/// Types nested deeper than this are refused: they would exhaust the stack.
const MAX_DEPTH: usize = 128;

/// What came of reading a node into a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed<T> {
    /// The value, unless there was an error.
    pub value: Option<T>,
    /// Fields the type does not know: path such as `spec.containers[0].imag`, span of the key.
    pub unknown: Vec<(String, Span)>,
    /// What does not fit, at the innermost node. `serde` stops at the first error.
    pub errors: Vec<(Span, String)>,
}

/// Reads a node into `T`. Null counts as empty where a struct, map or sequence is wanted, as for
/// the Kubernetes API server.
#[must_use]
pub fn from_node<T: DeserializeOwned>(node: Node<'_>) -> Typed<T> {
    let state = State {
        inner: RefCell::new(Inner {
            path: Vec::new(),
            unknown: Vec::new(),
            depth: 0,
            budget: node.tree().limits.max_alias_expansion,
        }),
    };
    let result = T::deserialize(De::new(node, &state, false));
    let unknown = state.inner.into_inner().unknown;
    match result {
        Ok(value) => Typed { value: Some(value), unknown, errors: Vec::new() },
        Err(error) => {
            let error = (error.span.unwrap_or_else(|| node.span()), error.message);
            Typed { value: None, unknown, errors: vec![error] }
        }
    }
}

enum Step<'t> {
    Field(&'t str),
    Item(usize),
}

struct Inner<'t> {
    path: Vec<Step<'t>>,
    unknown: Vec<(String, Span)>,
    depth: usize,
    budget: usize,
}

struct State<'t> {
    inner: RefCell<Inner<'t>>,
}

impl<'t> State<'t> {
    fn note_unknown(&self, key: Span) {
        let mut inner = self.inner.borrow_mut();
        let mut path = String::new();
        for step in &inner.path {
            match step {
                Step::Field(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Step::Item(index) => path.push_str(&format!("[{index}]")),
            }
        }
        inner.unknown.push((path, key));
    }

    /// Runs `read` one step further down the path.
    fn below<T>(&self, step: Step<'t>, read: impl FnOnce() -> T) -> T {
        self.inner.borrow_mut().path.push(step);
        let result = read();
        self.inner.borrow_mut().path.pop();
        result
    }
}

/// A node as a `serde` deserializer.
struct De<'t, 's> {
    node: Node<'t>,
    state: &'s State<'t>,
    /// Whether an alias or merge key lies on the way.
    aliased: bool,
    /// The key, where this is a mapping's value.
    key: Option<Span>,
}

impl<'t, 's> De<'t, 's> {
    fn new(node: Node<'t>, state: &'s State<'t>, aliased: bool) -> Self {
        Self { node, state, aliased: aliased || node.is_alias(), key: None }
    }

    /// Adds the span where the error has none yet.
    fn place<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.at(self.node.span()))
    }

    /// Counts depth and expansion around `read`.
    fn limited<T>(self, read: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        let checked = {
            let mut inner = self.state.inner.borrow_mut();
            let refused = if inner.depth >= MAX_DEPTH {
                Some(format!("values are nested more than {MAX_DEPTH} deep"))
            } else if self.aliased && inner.budget == 0 {
                Some("aliases expand to too many values".to_owned())
            } else if self.node.is_unresolved() {
                Some("the alias has no anchor".to_owned())
            } else {
                None
            };
            if let Some(message) = refused {
                Err(Error { span: None, message })
            } else {
                inner.depth += 1;
                inner.budget -= usize::from(self.aliased);
                Ok(())
            }
        };
        let result = checked.and_then(|()| {
            let result = read(&self);
            self.state.inner.borrow_mut().depth -= 1;
            result
        });
        self.place(result)
    }

    fn visit<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Error> {
        match self.node.kind() {
            Kind::Mapping => visitor.visit_map(access::Map::new(self)),
            Kind::Sequence => visitor.visit_seq(access::Seq::new(self)),
            Kind::Scalar => match self.node.scalar() {
                None | Some(Scalar::Null) => visitor.visit_unit(),
                Some(Scalar::Bool(value)) => visitor.visit_bool(value),
                Some(Scalar::Int(value)) => visitor.visit_i64(value),
                Some(Scalar::BigInt(value)) => visitor.visit_u64(value),
                Some(Scalar::Float(value)) => visitor.visit_f64(value),
                Some(Scalar::Str(value)) => visitor.visit_str(value),
            },
        }
    }

    /// A whole number may be written as a float: `1e3`.
    #[allow(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    fn visit_whole<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Error> {
        match self.node.scalar() {
            Some(Scalar::Float(value)) if value.fract() == 0.0 && value.abs() < 9e15 => {
                visitor.visit_i64(value as i64)
            }
            _ => self.visit(visitor),
        }
    }
}

macro_rules! whole {
    ($($name:ident)*) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.limited(|de| de.visit_whole(visitor))
        }
    )*};
}

impl<'de> Deserializer<'de> for De<'_, '_> {
    type Error = Error;

    whole! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    serde::forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.limited(|de| de.visit(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.node.is_null() {
            return visitor.visit_none();
        }
        let span = self.node.span();
        visitor.visit_some(self).map_err(|error: Error| error.at(span))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        // Kubernetes quantities may be written as numbers; their text is what counts.
        if name == "Quantity"
            && let Some(text) = self.node.text()
            && self.node.as_f64().is_some()
        {
            let text: serde::de::value::StrDeserializer<'_, Error> =
                serde::de::IntoDeserializer::into_deserializer(text);
            return self.limited(|_| visitor.visit_newtype_struct(text));
        }
        let span = self.node.span();
        visitor.visit_newtype_struct(self).map_err(|error: Error| error.at(span))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.limited(|de| {
            if de.node.is_null() {
                return visitor.visit_seq(access::Seq::new(de));
            }
            de.visit(visitor)
        })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.limited(|de| {
            if de.node.is_null() {
                return visitor.visit_map(access::Map::new(de));
            }
            de.visit(visitor)
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.limited(|de| {
            let (variant, content) = match de.node.kind() {
                Kind::Scalar => (de.node, None),
                Kind::Mapping => {
                    let mut entries = de.node.entries();
                    match (entries.next(), entries.next()) {
                        (Some(entry), None) => (entry.key, Some(entry.value)),
                        _ => {
                            return Err(Error::plain("expected a mapping with exactly one key"));
                        }
                    }
                }
                Kind::Sequence => {
                    return Err(Error::plain("expected a name, found a sequence"));
                }
            };
            visitor.visit_enum(access::Variant::new(de, variant, content))
        })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        // Derived code calls this exactly for the values of fields it does not know.
        if let Some(key) = self.key {
            self.state.note_unknown(key);
        }
        visitor.visit_unit()
    }
}
