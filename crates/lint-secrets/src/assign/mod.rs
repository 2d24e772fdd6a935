//! Values given to names that promise a secret, in whatever language.

mod key;
mod operator;
mod structure;
mod value;

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
    let Some(class) = key::classify(name) else {
        names.promised |= name.eq_ignore_ascii_case("key") && structure::holds_key(bytes, end);
        return None;
    };
    let Some(found) = operator::value_after(text, start, end, context.class) else {
        names.promised = names.promised || structure::is_promised(bytes, start, end);
        return None;
    };
    let value = text.get(found.at.start..found.at.end)?;
    if value.eq_ignore_ascii_case(name) {
        return None;
    }
    let confidence = judge(value, class, found.quoted, context)?;
    let written = Match { start, end };
    Some(Assignment { name, written, class, value: found.at, confidence })
}
