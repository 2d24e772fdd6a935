//! Jobs that queries name and nothing scrapes.

use careen_text::{Span, closest};

use crate::alerts::Expression;
use crate::promql::Op;
use crate::scrapes::Jobs;

/// The jobs of an expression that are written out and scraped by nothing, each with its place.
pub(crate) fn unknown(expression: &Expression, jobs: &Jobs) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let matchers = expression.query.selectors.iter().flat_map(|selector| &selector.matchers);
    for matcher in matchers.filter(|matcher| matcher.label == "job" && !matcher.is_variable) {
        for (offset, job) in alternatives(matcher.op, &matcher.value) {
            if jobs.lacks(job) {
                let start = matcher.at.start + offset;
                found.push((expression.text.at(start..start + job.len()), job.to_owned()));
            }
        }
    }
    found
}

/// ", did you mean …", if a job that is scraped is called nearly so.
pub(crate) fn hint(job: &str, jobs: &Jobs) -> String {
    closest(job, jobs.names())
        .map_or_else(String::new, |known| format!(", did you mean `{known}`?"))
}

/// The words that a value asks for; none where it is a pattern.
fn alternatives(op: Op, value: &str) -> Vec<(usize, &str)> {
    let is_plain = |word: &&str| {
        !word.is_empty()
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/'))
    };
    match op {
        Op::Equal => Some((0, value)).filter(|(_, value)| is_plain(value)).into_iter().collect(),
        Op::Regex if value.split('|').all(|word| is_plain(&word)) => {
            let mut at = 0;
            let words = value.split('|').map(|word| {
                let start = at;
                at += word.len() + 1;
                (start, word)
            });
            words.collect()
        }
        Op::Regex | Op::Not => Vec::new(),
    }
}
