//! Examples of detectors: one line each.

use careen_text::Span;

/// What breaks a token in a file, so that no scanner takes the example for a secret.
const BREAK: char = '·';

/// A line of text with or without a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The line as it is to be shown: broken tokens, without marks.
    pub shown: String,
    /// The bytes of the credential in the line made [`whole`].
    pub token: Option<Span>,
    /// Where the example stands.
    pub place: Span,
}

impl Example {
    /// Reads a line in which `«` and `»` stand around the credential, or nothing if the marks are
    /// not one of each in this order.
    pub(crate) fn marked(line: &str, place: Span) -> Option<Self> {
        let (before, rest) = line.split_once('«')?;
        let (token, after) = rest.split_once('»')?;
        if after.contains(['«', '»']) || token.contains('«') || token.is_empty() {
            return None;
        }
        let start = whole(before).len();
        let token_span = Span::of(start..start + whole(token).len());
        let shown = [before, token, after].concat();
        Some(Self { shown, token: Some(token_span), place })
    }

    /// Reads a line without a credential.
    pub(crate) fn plain(line: &str, place: Span) -> Self {
        Self { shown: line.to_owned(), token: None, place }
    }
}

/// The text without the marks that break its tokens.
#[must_use]
pub fn whole(text: &str) -> String {
    text.replace(BREAK, "")
}

#[cfg(test)]
mod tests {
    use super::{Example, whole};
    use careen_text::Span;

    #[test]
    fn marks_tell_where_the_token_stands() {
        let place = Span::new(0, 1);
        let example = Example::marked("k: \"«ab·cd»\"", place).unwrap();
        assert_eq!(example.shown, "k: \"ab·cd\"");
        assert_eq!(whole(&example.shown), "k: \"abcd\"");
        assert_eq!(example.token, Some(Span::new(4, 8)));
        for bad in ["abc", "«a» «b»", "«»", "»a«"] {
            assert_eq!(Example::marked(bad, place), None, "{bad}");
        }
    }
}
