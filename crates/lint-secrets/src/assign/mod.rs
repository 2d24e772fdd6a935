//! Values given to names that promise a secret, in whatever language.

mod key;
mod operator;
mod structure;
mod value;
mod weak;

pub(crate) use key::{Class, classify};
pub(crate) use value::judge;

use std::ops::Range;

use crate::charset::NAME;
use crate::context::{Context, FileClass};
use crate::shape::Match;
use careen_rule::Confidence;

/// Names are read no further than this, in bytes.
const LONGEST_NAME: usize = 80;

/// A literal given to a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assignment<'t> {
    /// The name as written.
    pub(crate) name: &'t str,
    /// Where the name stands, with what is joined to it.
    pub(crate) written: Match,
    /// What the name promises.
    pub(crate) class: Class,
    /// The value without its quotes.
    pub(crate) value: Match,
    /// How sure the two make us.
    pub(crate) confidence: Confidence,
}

/// What names were read so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// The last name that was read: one name may hold several stems. Stems come in order in
    /// several rounds, so what stands before it need not have been read.
    done: Range<usize>,
    /// Whether a name promises a secret that does not stand beside it, but in a place that the
    /// structure of YAML or JSON leads to.
    pub(crate) promised: bool,
}

/// Reads the assignment whose name holds the byte at `at`.
pub(crate) fn read<'t>(
    text: &'t str,
    at: usize,
    context: Context,
    names: &mut Names,
) -> Option<Assignment<'t>> {
    if names.done.contains(&at) || context.class == FileClass::Lock {
        return None;
    }
    let bytes = text.as_bytes();
    let ahead = NAME.run(bytes.get(at..)?, LONGEST_NAME);
    let end = at + ahead;
    // What follows a name decides fastest.
    if ahead == LONGEST_NAME || !operator::may_follow(bytes.get(end).copied()) {
        names.done = at..end;
        return None;
    }
    let behind = NAME.run_back(bytes.get(..at)?, LONGEST_NAME);
    names.done = at..end;
    if behind == LONGEST_NAME {
        return None;
    }
    let start = at - behind;
    let written = text.get(start..end)?;
    // `checksum/secret` is a hash.
    if start > 0 && bytes.get(start - 1) == Some(&b'/') {
        return None;
    }
    let name = written.trim_matches(['-', '.']);
    // `setPassword("…")` gives it its value; anything else that is named so is about that.
    let setter = bytes.get(end) == Some(&b'(') && context.class == FileClass::Source;
    let method = name.rsplit('.').next().unwrap_or(name);
    let bare = method
        .strip_prefix("set")
        .or_else(|| method.strip_prefix("Set"))
        .map(|name| name.trim_start_matches('_'));
    let subject = if setter { bare.unwrap_or(name) } else { name };
    let Some(class) = key::classify(subject) else {
        names.promised |= name.eq_ignore_ascii_case("key") && structure::holds_key(bytes, end);
        return None;
    };
    let Some(found) = operator::value_after(text, start, end, context.class) else {
        names.promised = names.promised || structure::is_promised(bytes, start, end);
        return None;
    };
    let at = fallback(text, found.at);
    let value = text.get(at.start..at.end)?;
    if is_same(value, name) {
        return None;
    }
    let confidence = judge(value, class, found.quoted, context)?;
    let written = Match { start, end };
    Some(Assignment { name, written, class, value: at, confidence })
}

/// What a reference to a variable falls back to: `${NAME:-literal}` of shells, `${NAME:literal}` of
/// Spring. Anything else is answered as it is.
fn fallback(text: &str, at: Match) -> Match {
    let value = text.get(at.start..at.end).unwrap_or_default();
    let literal = || {
        let inside = value.strip_prefix("${")?.strip_suffix('}')?;
        let (head, rest) = inside.split_once(':')?;
        let rest = rest.strip_prefix(['-', '=']).unwrap_or(rest);
        let plain = !head.is_empty() && NAME.run(head.as_bytes(), LONGEST_NAME) == head.len();
        (plain && !rest.is_empty() && !rest.contains(['$', '{', '}', '?'])).then_some(rest.len())
    };
    literal().map_or(at, |length| Match { start: at.end - 1 - length, end: at.end - 1 })
}

/// Whether a value is its name, written in another way: `dot1xPassword` for `dot1x_password`.
fn is_same(value: &str, name: &str) -> bool {
    let letters = |text: &'_ str| {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        kept.map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>()
    };
    value.eq_ignore_ascii_case(name)
        || (value.len().abs_diff(name.len()) < 8
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-. ".contains(&byte))
            && letters(value) == letters(name))
}
