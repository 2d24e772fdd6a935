//! Values that may be anything, and places in them.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

/// A place in a document: a JSON pointer that is written only if it is shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum At<'a> {
    Root,
    Key(&'a Self, &'a str),
    Item(&'a Self, usize),
}

impl At<'_> {
    pub(super) fn key<'a>(&'a self, key: &'a str) -> At<'a> {
        At::Key(self, key)
    }

    pub(super) fn item(&self, number: usize) -> At<'_> {
        At::Item(self, number)
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parent = |f: &mut fmt::Formatter<'_>, parent: &At<'_>| match parent {
            At::Root => Ok(()),
            parent => write!(f, "{parent}"),
        };
        match self {
            Self::Root => f.write_str("/"),
            Self::Key(of, key) => {
                parent(f, of)?;
                write!(f, "/{key}")
            }
            Self::Item(of, number) => {
                parent(f, of)?;
                write!(f, "/{number}")
            }
        }
    }
}

/// The text of a document: UTF-8, or UTF-16 with a mark, which is what a redirection in Windows
/// PowerShell makes of it. The mark is not part of it.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| match pair {
            [first, second] => unit([*first, *second]),
            _ => 0,
        });
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(wide(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(wide(rest, u16::from_be_bytes)),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// No fewer values than the document has.
pub(super) fn count(text: &str) -> usize {
    text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{' | b':')).count()
}

/// The text under a key.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// The text under a key, unless there is none in it.
pub(super) fn words(value: &Value, key: &str) -> Option<String> {
    text(value, key).filter(|text| !text.trim().is_empty()).map(ToOwned::to_owned)
}

/// The list under a key; empty if it is none.
pub(super) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The whole number from 1 on under a key.
pub(super) fn counted(value: &Value, key: &str) -> Option<u32> {
    let number = value.get(key)?.as_u64()?;
    u32::try_from(number).ok().filter(|&number| number > 0)
}

/// The place in a list under a key.
pub(super) fn index(value: &Value, key: &str) -> Option<usize> {
    usize::try_from(value.get(key)?.as_u64()?).ok()
}

/// The number from 0 to `most` under a key.
pub(super) fn within(value: &Value, key: &str, most: f64) -> Option<f64> {
    value.get(key)?.as_f64().filter(|number| (0.0..=most).contains(number))
}
