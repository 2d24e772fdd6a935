//! Values given to names that promise a secret, in whatever language.

mod key;
mod operator;
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

/// Reads the assignment whose name holds the byte at `at`. `done` is the last name that was read:
/// one name may hold several stems. Stems come in order in several rounds, so what stands before
/// `done` need not have been read.
pub(crate) fn read<'t>(
    text: &'t str,
    at: usize,
    context: Context,
    done: &mut Range<usize>,
) -> Option<Assignment<'t>> {
    if done.contains(&at) || context.class == FileClass::Lock {
        return None;
    }
    let bytes = text.as_bytes();
    let ahead = NAME.run(bytes.get(at..)?, LONGEST_NAME);
    let end = at + ahead;
    // What follows a name decides fastest.
    if ahead == LONGEST_NAME || !operator::may_follow(bytes.get(end).copied()) {
        *done = at..end;
        return None;
    }
    let behind = NAME.run_back(bytes.get(..at)?, LONGEST_NAME);
    *done = at..end;
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
    let class = key::classify(name)?;
    let found = operator::value_after(text, start, end, context.class)?;
    let value = text.get(found.at.start..found.at.end)?;
    if value.eq_ignore_ascii_case(name) {
        return None;
    }
    let confidence = judge(value, class, found.quoted, context)?;
    let written = Match { start, end };
    Some(Assignment { name, written, class, value: found.at, confidence })
}
