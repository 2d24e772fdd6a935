//! Lists of patterns from files of others.

use regex::{RegexSet, RegexSetBuilder};

/// Patterns of one list.
const MOST: usize = 500;
/// Memory that a compiled list may take, in bytes.
const SIZE: usize = 8 << 20;

/// Compiles a list of patterns. What is no pattern, or too large, is left out and told: the
/// patterns are written for Go or Python, whose languages differ in rare corners (look-around).
pub(super) fn compile(patterns: &[String], what: &str, problems: &mut Vec<String>) -> RegexSet {
    let all = patterns.get(..patterns.len().min(MOST)).unwrap_or_default();
    let build = |patterns: &[&String]| {
        RegexSetBuilder::new(patterns).size_limit(SIZE).dfa_size_limit(SIZE).build()
    };
    if let Ok(set) = build(&all.iter().collect::<Vec<_>>()) {
        if all.len() < patterns.len() {
            problems.push(format!("only the first {MOST} patterns of {what} are used"));
        }
        return set;
    }
    let good: Vec<&String> = all.iter().filter(|pattern| build(&[*pattern]).is_ok()).collect();
    let bad = patterns.len() - good.len();
    problems.push(match bad {
        1 => format!("a pattern of {what} cannot be used here, so it accepts nothing"),
        0 => format!("the patterns of {what} are too large together, so they accept nothing"),
        _ => format!("{bad} patterns of {what} cannot be used here, so they accept nothing"),
    });
    build(&good).unwrap_or_else(|_| RegexSet::empty())
}
