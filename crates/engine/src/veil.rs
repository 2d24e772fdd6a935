//! Masks secrets in messages: a rule that knows nothing of secrets may quote a value that is one.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use careen_text::{Source, Span};

use crate::snippet::MASK;

/// Shorter values are no secrets that a message could give away; they would blot out words.
const LEAST: usize = 6;
/// Values that are looked for, and the length up to which: messages quote no more.
const MOST: usize = 2_000;
const LONGEST: usize = 512;

/// The masked values of one file.
pub(crate) struct Veil(Option<AhoCorasick>);

impl Veil {
    /// Takes the values of a source; `masks` are merged.
    pub(crate) fn of(source: &Source, masks: &[Span]) -> Self {
        let mut values: Vec<&str> = Vec::new();
        for mask in masks.iter().take(MOST) {
            // A value of several lines may be quoted by one of them, and a masked line holds more
            // than a value.
            let lines = source.slice(*mask).lines().map(bare);
            values.extend(lines.filter(|value| value.len() >= LEAST).take(MOST));
        }
        values.truncate(MOST);
        values.sort_unstable();
        values.dedup();
        let values = values
            .into_iter()
            .map(|value| value.get(..value.floor_char_boundary(LONGEST)).unwrap_or(value));
        let values: Vec<_> = values.collect();
        if values.is_empty() {
            return Self(None);
        }
        // What is searched is so short that anything faster takes longer to build.
        let built = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .build(values);
        Self(built.ok())
    }

    /// The text without the values.
    pub(crate) fn over(&self, text: String) -> String {
        match &self.0 {
            Some(values) if values.is_match(&text) => {
                let mut hidden = String::with_capacity(text.len());
                values.replace_all_with(&text, &mut hidden, |_, _, hidden| {
                    hidden.push_str(MASK);
                    true
                });
                hidden
            }
            _ => text,
        }
    }
}

/// A line without quotes and white space around it.
fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'))
}

#[cfg(test)]
mod tests {
    use careen_text::{Source, Span};

    use super::Veil;

    #[test]
    fn values_are_masked_wherever_they_are_quoted() {
        let text = "a: 'q8Zt-vPw2kLm'\nb: |\n  first-line\n  second-line\nc: abc\n";
        let source = Source::new("a", text);
        let span = |part: &str| {
            let at = text.find(part).unwrap();
            Span::of(at..at + part.len())
        };
        let masks = [span("'q8Zt-vPw2kLm'"), span("  first-line\n  second-line"), span("abc")];
        let veil = Veil::of(&source, &masks);
        let over = |text: &str| veil.over(text.to_owned());
        assert_eq!(over("value `q8Zt-vPw2kLm` is odd"), "value `********` is odd");
        assert_eq!(over("value `xsecond-linex` abc"), "value `x********x` abc");
        assert_eq!(over("nothing"), "nothing");
        assert_eq!(Veil::of(&source, &[]).over("q8Zt-vPw2kLm".to_owned()), "q8Zt-vPw2kLm");
    }
}
