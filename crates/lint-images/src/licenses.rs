//! Expressions of SPDX licences.

use careen_rule::fits;

/// Words of one expression that are looked at.
const WORDS_MAX: usize = 256;
/// Parentheses inside of parentheses.
const DEPTH_MAX: usize = 16;

/// The licence that makes an expression forbidden, by patterns of identifiers. `A OR B` is
/// forbidden where both are; `A AND B` where one is. What cannot be read is taken for one name.
pub(crate) fn forbidden<'e>(expression: &'e str, patterns: &[String]) -> Option<&'e str> {
    let mut words = Vec::new();
    for word in expression.split_whitespace().take(WORDS_MAX) {
        split(word, &mut words);
    }
    let mut reader = Reader { words: &words, patterns };
    match reader.any(0) {
        Some(found) if reader.words.is_empty() => found,
        _ => is_forbidden(expression.trim(), patterns),
    }
}

/// Takes parentheses off a word.
fn split<'e>(word: &'e str, words: &mut Vec<&'e str>) {
    let mut rest = word;
    while let Some(after) = rest.strip_prefix('(') {
        words.push("(");
        rest = after;
    }
    let inner = rest.trim_end_matches(')');
    if !inner.is_empty() {
        words.push(inner);
    }
    words.extend(std::iter::repeat_n(")", rest.len() - inner.len()));
}

fn is_forbidden<'e>(name: &'e str, patterns: &[String]) -> Option<&'e str> {
    let lower = name.to_ascii_lowercase();
    let is_meant = |pattern: &String| {
        let pattern = pattern.to_ascii_lowercase();
        !pattern.is_empty()
            && (fits(&pattern, &lower) || fits(&pattern, lower.trim_end_matches('+')))
    };
    patterns.iter().any(is_meant).then_some(name)
}

struct Reader<'r, 'e> {
    words: &'r [&'e str],
    patterns: &'r [String],
}

impl<'e> Reader<'_, 'e> {
    fn next(&mut self) -> Option<&'e str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_next = self.words.first().is_some_and(|it| it.eq_ignore_ascii_case(word));
        if is_next {
            self.next();
        }
        is_next
    }

    /// `A OR B`: what forbids it, or nothing; none where it cannot be read.
    fn any(&mut self, depth: usize) -> Option<Option<&'e str>> {
        let mut found = self.all(depth)?;
        while self.takes("OR") {
            let other = self.all(depth)?;
            found = found.filter(|_| other.is_some());
        }
        Some(found)
    }

    /// `A AND B`.
    fn all(&mut self, depth: usize) -> Option<Option<&'e str>> {
        let mut found = self.one(depth)?;
        while self.takes("AND") {
            let other = self.one(depth)?;
            found = found.or(other);
        }
        Some(found)
    }

    fn one(&mut self, depth: usize) -> Option<Option<&'e str>> {
        if depth > DEPTH_MAX {
            return None;
        }
        if self.takes("(") {
            let found = self.any(depth + 1)?;
            return self.takes(")").then_some(found);
        }
        let name = self.next().filter(|name| *name != ")")?;
        let found = is_forbidden(name, self.patterns);
        // An exception permits more, of the same licence.
        if self.takes("WITH") {
            self.next()?;
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::forbidden;

    #[test]
    fn expressions() {
        let patterns = ["AGPL-*".to_owned(), "GPL-3.0-only".to_owned(), "SSPL-1.0".to_owned()];
        for (expression, found) in [
            ("MIT", None),
            ("AGPL-3.0-or-later", Some("AGPL-3.0-or-later")),
            ("MIT OR GPL-3.0-only", None),
            ("AGPL-3.0 OR GPL-3.0-only", Some("AGPL-3.0")),
            ("MIT and agpl-3.0", Some("agpl-3.0")),
            ("(MIT OR AGPL-3.0) AND SSPL-1.0", Some("SSPL-1.0")),
            ("(MIT AND (AGPL-3.0 OR Apache-2.0))", None),
            ("GPL-3.0-only WITH Classpath-exception-2.0", Some("GPL-3.0-only")),
            ("GNU Affero", None),
            ("AGPL-3.0 (", Some("AGPL-3.0 (")),
            ("", None),
            (")", None),
        ] {
            assert_eq!(forbidden(expression, &patterns), found, "{expression}");
        }
        let deep = format!("{}AGPL-3.0{}", "(".repeat(5_000), ")".repeat(5_000));
        assert_eq!(forbidden(&deep, &patterns), None);
    }
}
