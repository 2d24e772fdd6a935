//! What makes two secrets one: the value, which nobody can read back.

use std::borrow::Cow;
use std::fmt;

use careen_text::{Derived, Origin, decode_base64};

/// Sets these hashes apart from all others. It is no secret: an identity never leaves the process,
/// and what is written into a baseline is hashed once more, with that baseline's own salt.
const KEY: &[u8; 32] = b"careen: identity of a secret, v1";
/// Layers of base64 that are taken off.
const LAYERS: usize = 2;

/// Stands for the value of a secret: equal for equal values, whatever they are written in (with
/// quotes or without, over several lines, in base64). Shows nothing, not even in debug output.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity([u8; 32]);

impl Identity {
    /// The identity of the value that is written as `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut value = squeezed(text);
        for _ in 0..LAYERS {
            // A value that only happens to be base64 is decoded each time it is met, so equal ones
            // stay equal.
            match plain(&value) {
                Some(text) => value = squeezed(&text).into_owned().into(),
                None => break,
            }
        }
        Self(*blake3::keyed_hash(KEY, value.as_bytes()).as_bytes())
    }

    /// 32 hex digits that stand for this value under a salt, and for another under another salt.
    #[must_use]
    pub fn salted(&self, salt: &[u8; 32]) -> String {
        let hash = blake3::keyed_hash(salt, &self.0).to_hex();
        hash.as_str().get(..32).unwrap_or_default().to_owned()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

/// The secret that a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its value.
    pub identity: Identity,
    /// Whether nothing but a name tells that it is a secret. A finding that knows what the value
    /// is says more, so it speaks for both.
    pub by_name: bool,
}

/// A text without white space, escaped line breaks and the quotes around it.
fn squeezed(text: &str) -> Cow<'_, str> {
    let quote = |c: char| matches!(c, '"' | '\'' | '`') || c.is_whitespace();
    let text = text.trim_matches(quote);
    if !text.contains(|c: char| c == '\\' || c.is_whitespace()) {
        return Cow::Borrowed(text);
    }
    let unfolded = text.replace("\\r", "").replace("\\n", "");
    Cow::Owned(unfolded.split_whitespace().collect())
}

/// The readable text that a value is the base64 of.
fn plain(value: &str) -> Option<String> {
    let origin = Origin::verbatim(0, u32::try_from(value.len()).ok()?);
    let decoded = decode_base64(&Derived { bytes: value.as_bytes().to_vec(), origin }).ok()?;
    let text = String::from_utf8(decoded.bytes).ok()?;
    let readable = |c: char| !c.is_control() || c.is_whitespace();
    (!text.is_empty() && text.chars().all(readable)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::Identity;

    #[test]
    fn the_same_value_in_other_clothes_is_the_same() {
        let plain = Identity::of("q8Zt-vPw2kLm");
        for same in
            ["'q8Zt-vPw2kLm'", " \"q8Zt-vPw2kLm\"\n", "cThadC12UHcya0xt", "cThadC12UHcy\n  a0xt"]
        {
            assert_eq!(Identity::of(same), plain, "{same}");
        }
        for other in ["q8Zt-vPw2kLM", "q8Zt-vPw2kL", "", "cThadC12UHcya0x"] {
            assert_ne!(Identity::of(other), plain, "{other}");
        }
        let key = "-----BEGIN KEY-----\nMIIB\nAAAA\n-----END KEY-----\n";
        let indented = key.replace('\n', "\n    ");
        let escaped = format!("\"{}\"", key.replace('\n', "\\n"));
        assert_eq!(Identity::of(&indented), Identity::of(key));
        assert_eq!(Identity::of(&escaped), Identity::of(key));
    }

    #[test]
    fn nothing_is_shown_and_salts_part_hashes() {
        let identity = Identity::of("hunter2-hunter2");
        assert_eq!(format!("{identity:?}"), "Identity");
        assert_ne!(identity.salted(&[0; 32]), identity.salted(&[1; 32]));
        assert_eq!(identity.salted(&[0; 32]).len(), 32);
    }
}
