//! Literal `Authorization` values: `Basic` with a pair in base64, `Bearer` with a token.

use careen_rule::Confidence;

use crate::assign::{Class, judge};
use crate::charset::Set;
use crate::context::Context;
use crate::shape::{Match, starts_fresh};

static TOKEN: Set = Set::of("A-Za-z0-9._~+/=-");

/// A literal credential of an `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Authorization {
    /// `Basic` or `Bearer`.
    pub(crate) scheme: &'static str,
    /// Where the credential stands.
    pub(crate) value: Match,
    /// How sure we are.
    pub(crate) confidence: Confidence,
}

/// Reads the credential after the end of a scheme's name that stands at `at`, `length` bytes long
/// with its blank.
pub(crate) fn read(
    text: &str,
    at: usize,
    length: usize,
    context: Context,
) -> Option<Authorization> {
    let bytes = text.as_bytes();
    let start = at.checked_sub(1)?;
    let from = at + length;
    let scheme = match bytes.get(start)? {
        b'b' | b'B' if length == "asic ".len() => "Basic",
        b'b' | b'B' => "Bearer",
        _ => return None,
    };
    // A header's value stands behind a quote, a colon or an `=`, perhaps with a blank.
    let head = bytes.get(..start)?;
    let head = head.get(head.len().saturating_sub(4)..)?.trim_ascii_end();
    if !starts_fresh(bytes, start) || !head.last().is_some_and(|byte| b"\"'`:=,(".contains(byte)) {
        return None;
    }
    let length = TOKEN.run(bytes.get(from..)?, 4_096);
    let value = text.get(from..from + length)?;
    let confidence = if scheme == "Basic" {
        judge_pair(value, context)?
    } else {
        let confidence = judge(value, Class::Secret, true, context)?;
        if value.len() < 16 {
            return None;
        }
        confidence
    };
    Some(Authorization { scheme, value: Match { start: from, end: from + length }, confidence })
}

/// Judges the password of `user:password` in base64.
fn judge_pair(value: &str, context: Context) -> Option<Confidence> {
    let bytes = data_encoding::BASE64
        .decode(value.as_bytes())
        .or_else(|_| data_encoding::BASE64_NOPAD.decode(value.trim_end_matches('=').as_bytes()));
    let pair = String::from_utf8(bytes.ok()?).ok()?;
    let (user, password) = pair.split_once(':')?;
    if user.is_empty() || user == password {
        return None;
    }
    judge(password, Class::Password, true, context)
}
