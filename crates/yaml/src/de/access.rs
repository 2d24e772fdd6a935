//! Mappings, sequences and enums for `serde`.

use careen_text::Span;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::error::Error;
use super::{De, State, Step};
use crate::merge::{Entries, Entry};
use crate::node::{Items, Node};
use crate::scalar::Scalar;

pub(super) struct Map<'t, 's> {
    entries: Entries<'t>,
    current: Option<Entry<'t>>,
    state: &'s State<'t>,
    aliased: bool,
}

impl<'t, 's> Map<'t, 's> {
    pub(super) fn new(de: &De<'t, 's>) -> Self {
        Self { entries: de.node.entries(), current: None, state: de.state, aliased: de.aliased }
    }
}

impl<'de> MapAccess<'de> for Map<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.current = self.entries.next();
        let Some(entry) = self.current else { return Ok(None) };
        let span = entry.key.span();
        let name = seed.deserialize(Key { node: entry.key });
        name.map(Some).map_err(|error| error.at(span))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(entry) = self.current.take() else {
            return Err(Error::plain("a value without key"));
        };
        let aliased = self.aliased || self.entries.is_merging();
        let mut value = De::new(entry.value, self.state, aliased);
        value.key = Some(entry.key.span());
        let step = Step::Field(entry.name().unwrap_or("?"));
        let span = entry.value.span();
        let result = self.state.below(step, || seed.deserialize(value));
        result.map_err(|error| error.at(span))
    }
}

pub(super) struct Seq<'t, 's> {
    items: Items<'t>,
    index: usize,
    state: &'s State<'t>,
    aliased: bool,
}

impl<'t, 's> Seq<'t, 's> {
    pub(super) fn new(de: &De<'t, 's>) -> Self {
        Self { items: de.node.items(), index: 0, state: de.state, aliased: de.aliased }
    }
}

impl<'de> SeqAccess<'de> for Seq<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.items.next() else { return Ok(None) };
        let step = Step::Item(self.index);
        self.index += 1;
        let value = De::new(node, self.state, self.aliased);
        let result = self.state.below(step, || seed.deserialize(value));
        result.map(Some).map_err(|error| error.at(node.span()))
    }
}

/// A key: a string for whoever does not ask for something else.
struct Key<'t> {
    node: Node<'t>,
}

impl<'t> Key<'t> {
    fn name(&self) -> Result<&'t str, Error> {
        let text = self.node.text();
        text.ok_or_else(|| Error::plain("expected a name as key"))
    }
}

macro_rules! typed_key {
    ($($name:ident)*) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.node.scalar() {
                Some(Scalar::Bool(value)) => visitor.visit_bool(value),
                Some(Scalar::Int(value)) => visitor.visit_i64(value),
                Some(Scalar::BigInt(value)) => visitor.visit_u64(value),
                Some(Scalar::Float(value)) => visitor.visit_f64(value),
                _ => visitor.visit_str(self.name()?),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Error;

    typed_key! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32
        deserialize_f64
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.name()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let name: serde::de::value::StrDeserializer<'_, Error> =
            serde::de::IntoDeserializer::into_deserializer(self.name()?);
        visitor.visit_enum(name)
    }
}

/// An enum: `Name`, or `Name: content`.
pub(super) struct Variant<'t, 's> {
    name: Node<'t>,
    content: Option<Node<'t>>,
    state: &'s State<'t>,
    aliased: bool,
    span: Span,
}

impl<'t, 's> Variant<'t, 's> {
    pub(super) fn new(de: &De<'t, 's>, name: Node<'t>, content: Option<Node<'t>>) -> Self {
        let span = content.unwrap_or(name).span();
        Self { name, content, state: de.state, aliased: de.aliased, span }
    }

    fn read<T>(self, read: impl FnOnce(De<'t, 's>) -> Result<T, Error>) -> Result<T, Error> {
        let Some(content) = self.content else {
            return Err(Error::plain("expected a mapping from the name to its content"));
        };
        let step = Step::Field(self.name.text().unwrap_or("?"));
        let value = De::new(content, self.state, self.aliased);
        self.state.below(step, || read(value)).map_err(|error| error.at(self.span))
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, '_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name = seed.deserialize(Key { node: self.name });
        let name = name.map_err(|error| error.at(self.name.span()))?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, '_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            Some(content) if !content.is_null() => {
                Err(Error::plain("expected nothing after the name").at(self.span))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.read(|de| seed.deserialize(de))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.read(|de| de.deserialize_seq(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.read(|de| de.deserialize_map(visitor))
    }
}
