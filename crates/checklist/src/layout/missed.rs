//! Lines that a person takes for items and Markdown does not.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Flaw;
use super::line::front;

/// Every line that looks like an item, is none, and does not stand in `covered`: comments, blocks, the
/// front matter. `known` are the boxes of items.
pub(super) fn find(text: &str, known: &BTreeSet<usize>, covered: &mut [Range<usize>]) -> Vec<Flaw> {
    covered.sort_by_key(|range| (range.start, range.end));
    let mut covered = covered.iter().peekable();
    let mut reach = 0;
    let mut flaws = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let start = at;
        at += line.len();
        while let Some(range) = covered.next_if(|range| range.start <= start) {
            reach = reach.max(range.end);
        }
        if start < reach {
            continue;
        }
        let content = line.trim_end_matches(['\n', '\r']);
        let inner = content.trim_start_matches([' ', '\t', '>', '\u{feff}']);
        let before = content.len() - inner.len();
        let Some(front) = front(inner).filter(|it| !known.contains(&(start + before + it.mark)))
        else {
            continue;
        };
        let message = if inner.len() == front.rest {
            WORDLESS
        } else {
            "looks like an item and is none for Markdown: leave a blank line above it"
        };
        flaws.push(Flaw { at: start + before, message: message.to_owned() });
    }
    flaws
}

/// What is said of an item without words.
pub(super) const WORDLESS: &str = "the item has no words: say what is to be checked, or delete it";
