//! Errors with a place and without values.

use std::fmt::{self, Display};

use careen_text::Span;
use serde::de::{Expected, Unexpected};

#[derive(Debug)]
pub(super) struct Error {
    pub(super) span: Option<Span>,
    pub(super) message: String,
}

impl Error {
    pub(super) fn plain(message: &str) -> Self {
        Self { span: None, message: message.to_owned() }
    }

    /// The innermost place counts.
    pub(super) fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }
}

/// The type of a value, without the value: it may be secret.
fn kind(unexpected: Unexpected<'_>) -> &'static str {
    match unexpected {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
        Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Bytes(_) => "bytes",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq => "a sequence",
        Unexpected::Map => "a mapping",
        _ => "something else",
    }
}

impl serde::de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self { span: None, message: message.to_string() }
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {expected}, found {}", kind(unexpected)))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let kind = kind(unexpected);
        Self::custom(format_args!("expected {expected}, found {kind} that is not allowed here"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format_args!("expected one of {}", Names(expected)))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let field: String = field.chars().take(60).collect();
        if expected.is_empty() {
            return Self::custom(format_args!("unknown field `{field}`, there are no fields"));
        }
        Self::custom(format_args!("unknown field `{field}`, expected one of {}", Names(expected)))
    }
}

struct Names(&'static [&'static str]);

impl Display for Names {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(formatter, "{comma}`{name}`")?;
        }
        Ok(())
    }
}

impl Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
