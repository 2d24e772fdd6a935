//! HTML comments, and what they say to us.

use std::ops::Range;

/// What stands in the comment that begins a block of evidence.
pub(crate) const OPEN: &str = "careen:evidence";

/// What stands in the comment that ends it.
pub(crate) const CLOSE: &str = "/careen:evidence";

/// What stands in front of a binding.
const LEADER: &str = "careen:";

/// A binding.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    /// The offset of what stands behind `careen:`.
    pub(crate) at: usize,
    /// What stands there.
    pub(crate) body: String,
}

/// What a comment is for.
#[derive(Debug, PartialEq)]
pub(super) enum Sense {
    /// People.
    Prose,
    /// The start of a block of evidence.
    Open,
    /// The end of one.
    Close,
    /// A binding, and the bytes in front of it.
    Binding(usize),
}

/// What the text between `<!--` and `-->` is for.
pub(super) fn sense(inside: &str) -> Sense {
    let trimmed = inside.trim();
    let Some(body) = trimmed.strip_prefix(LEADER) else {
        return if trimmed == CLOSE { Sense::Close } else { Sense::Prose };
    };
    if trimmed == OPEN {
        Sense::Open
    } else if body.trim_start().starts_with("ignore") {
        // A suppression of findings.
        Sense::Prose
    } else {
        Sense::Binding(inside.len() - inside.trim_start().len() + LEADER.len())
    }
}

/// The comments of a text: the range of each, and of what stands inside. The last one may have no end.
pub(super) struct Comments<'t> {
    text: &'t str,
    at: usize,
}

/// A comment found in a text.
pub(super) struct Found<'t> {
    pub(super) range: Range<usize>,
    /// The offset of what stands inside.
    pub(super) start: usize,
    pub(super) inside: &'t str,
    pub(super) is_closed: bool,
}

pub(super) const fn comments(text: &str) -> Comments<'_> {
    Comments { text, at: 0 }
}

impl<'t> Iterator for Comments<'t> {
    type Item = Found<'t>;

    fn next(&mut self) -> Option<Found<'t>> {
        let rest = self.text.get(self.at..)?;
        let begin = self.at + rest.find("<!--")?;
        let start = begin + "<!--".len();
        let inside = self.text.get(start..)?;
        let (inside, end, is_closed) = match inside.find("-->") {
            Some(length) => (inside.get(..length)?, start + length + "-->".len(), true),
            None => (inside, self.text.len(), false),
        };
        self.at = end;
        Some(Found { range: begin..end, start, inside, is_closed })
    }
}

/// Whether nothing but comments and blanks stands in a text.
pub(super) fn is_pure(text: &str) -> bool {
    let mut at = 0;
    for found in comments(text) {
        if !text.get(at..found.range.start).unwrap_or_default().trim().is_empty() {
            return false;
        }
        at = found.range.end;
    }
    text.get(at..).unwrap_or_default().trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::{Sense, comments, is_pure, sense};

    #[test]
    fn comments_are_told_apart() {
        assert_eq!(sense(" careen:evidence "), Sense::Open);
        assert_eq!(sense(" /careen:evidence "), Sense::Close);
        assert_eq!(sense(" careen: a "), Sense::Binding(8));
        assert_eq!(sense(" careen:evidence k6"), Sense::Binding(8));
        assert_eq!(sense(" careen: ignore[a] b"), Sense::Prose);
        assert_eq!(sense(" see careen: a "), Sense::Prose);
    }

    #[test]
    fn comments_end_at_the_first_arrow() {
        let found: Vec<_> =
            comments("a<!--b--> c --> <!-- d").map(|it| (it.inside, it.is_closed)).collect();
        assert_eq!(found, [("b", true), (" d", false)]);
        assert!(is_pure("<!--a--> \n<!--b-->"));
        assert!(!is_pure("<!--a--> b"));
    }
}
