//! Asking a type for the fields it has at a path.
//!
//! A deserializer that reads no data: it leads a type's own reading code down the path, one field
//! or item at a time, until the struct there names its fields, and then stops.

use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};

/// Paths longer than this are not followed; types do not nest that deep.
const STEPS: usize = 64;

/// The fields `T` has where the last step of `path` stands. Empty where there is no struct.
pub(super) fn fields<T: DeserializeOwned>(path: &str) -> &'static [&'static str] {
    // `a.b[0].c` is the steps a, b, [0], c; the last one is the unknown field itself. A map's key
    // may hold dots, but no unknown field is found under such a map in the built-in types.
    let mut steps: Vec<&str> = path.split(['.', '[']).take(STEPS).collect();
    steps.pop();
    match T::deserialize(Probe { steps: &steps }) {
        Err(Stop(fields)) => fields,
        Ok(_) => &[],
    }
}

/// The end of the way, not a failure.
#[derive(Debug)]
struct Stop(&'static [&'static str]);

impl serde::de::Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("stopped")
    }
}

impl std::error::Error for Stop {}

struct Probe<'p> {
    steps: &'p [&'p str],
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Stop;

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct tuple tuple_struct enum identifier ignored_any
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
        Err(Stop(&[]))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        if self.steps.is_empty() {
            return Err(Stop(fields));
        }
        visitor.visit_map(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_map(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_seq(self)
    }
}

impl<'de> MapAccess<'de> for Probe<'_> {
    type Error = Stop;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Stop> {
        let step = self.steps.first().ok_or(Stop(&[]))?;
        let key: serde::de::value::StrDeserializer<'_, Stop> = step.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        self.next(seed)
    }
}

impl<'de> SeqAccess<'de> for Probe<'_> {
    type Error = Stop;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Stop> {
        self.next(seed).map(Some)
    }
}

impl Probe<'_> {
    /// One step further. A value that is read without an error after all is off the way.
    fn next<'de, S: DeserializeSeed<'de>>(&self, seed: S) -> Result<S::Value, Stop> {
        let steps = self.steps.get(1..).ok_or(Stop(&[]))?;
        seed.deserialize(Probe { steps })?;
        Err(Stop(&[]))
    }
}
