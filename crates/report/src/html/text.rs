//! Text of others: between back quotes it is code, and what could not be seen is made visible.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;
use careen_text::{sanitize, sanitize_line};

use super::MAX_LABEL;
use crate::words::cut;

/// How a stretch of text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Code,
    /// What a finding is about.
    Marked,
}

/// A stretch of text of one kind.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run<'t> {
    text: Cow<'t, str>,
    kind: Kind,
    /// Stands for characters that would not be seen, or would move others: `\u{202e}`.
    hidden: bool,
}

/// Text that is ready for a page. It is a template of its own, so that whoever shows it cannot forget
/// to escape it.
#[derive(Debug, Default, PartialEq, Eq, Template)]
#[template(path = "text.html")]
pub(crate) struct Text<'t> {
    runs: Vec<Run<'t>>,
}

/// The template escapes every run.
impl HtmlSafe for Text<'_> {}

impl<'t> Text<'t> {
    /// At most `most` characters on one line, as they stand there.
    pub(crate) fn line(text: &'t str, most: usize) -> Self {
        let mut line = Self::default();
        line.push_cut(text, most, Kind::Plain);
        line
    }

    /// At most `most` characters on one line; what stands between back quotes is code.
    pub(crate) fn message(text: &'t str, most: usize) -> Self {
        let mut message = Self::default();
        let text = match cut(text, most) {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => {
                message.push_message(&text, |part| Cow::Owned(part.to_owned()));
                return message;
            }
        };
        message.push_message(text, Cow::Borrowed);
        message
    }

    fn push_message<'p>(&mut self, text: &'p str, keep: impl Fn(&'p str) -> Cow<'t, str>) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('`') {
            let Some((code, after)) = after.split_once('`').filter(|(code, _)| !code.is_empty())
            else {
                break;
            };
            self.push(keep(before), Kind::Plain, sanitize_line);
            self.push(keep(code), Kind::Code, sanitize_line);
            rest = after;
        }
        self.push(keep(rest), Kind::Plain, sanitize_line);
    }

    /// Adds at most `most` characters on one line.
    pub(super) fn push_cut(&mut self, text: &'t str, most: usize, kind: Kind) {
        self.push(cut(text, most), kind, sanitize_line);
    }

    /// Adds a part of a line of a file, in which tabs stay.
    pub(super) fn push_source(&mut self, text: &'t str, kind: Kind) {
        if text.is_empty() && kind == Kind::Marked {
            // A place between two characters.
            self.runs.push(Run { text: Cow::Borrowed(""), kind, hidden: false });
        }
        self.push(Cow::Borrowed(text), kind, sanitize);
    }

    fn push(&mut self, text: Cow<'t, str>, kind: Kind, clean: fn(&str) -> Cow<'_, str>) {
        if text.is_empty() {
            return;
        }
        if matches!(clean(&text), Cow::Borrowed(_)) {
            self.runs.push(Run { text, kind, hidden: false });
            return;
        }
        let mut bytes = [0; 4];
        for character in text.chars() {
            let (shown, hidden) = match clean(character.encode_utf8(&mut bytes)) {
                Cow::Borrowed(shown) => (shown.to_owned(), false),
                Cow::Owned(escape) => (escape, true),
            };
            match self.runs.last_mut() {
                Some(last)
                    if last.hidden == hidden && last.kind == kind && !last.text.is_empty() =>
                {
                    last.text.to_mut().push_str(&shown);
                }
                _ => self.runs.push(Run { text: Cow::Owned(shown), kind, hidden }),
            }
        }
    }

    /// `path:7:13`.
    pub(crate) fn place(path: &'t str, line: u32, column: Option<u32>) -> Self {
        let mut place = Self::line(path, MAX_LABEL);
        place.push_number(line);
        if let Some(column) = column {
            place.push_number(column);
        }
        place
    }

    /// Adds a colon and a number.
    pub(super) fn push_number(&mut self, number: u32) {
        self.push(Cow::Owned(format!(":{number}")), Kind::Plain, sanitize_line);
    }

    /// One line, whole, apart from where it was read.
    pub(crate) fn owned(text: &str) -> Self {
        let mut line = Self::default();
        line.push(Cow::Owned(text.to_owned()), Kind::Plain, sanitize_line);
        line
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

/// Whether an address may become a link: of the web, and nothing hidden in it.
pub(crate) fn is_web(address: &str) -> bool {
    let starts = |scheme: &str| {
        address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    (starts("https://") || starts("http://"))
        && !address.contains(char::is_whitespace)
        && matches!(sanitize_line(address), Cow::Borrowed(_))
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::{Kind, Text, is_web};

    fn message(text: &str) -> String {
        Text::message(text, 40).render().unwrap()
    }

    #[test]
    fn code_stands_between_back_quotes() {
        assert_eq!(message("a `b` c"), "a <code>b</code> c");
        assert_eq!(message("`a``b`"), "<code>a</code><code>b</code>");
        assert_eq!(message("a `b"), "a `b");
        assert_eq!(message("`` a"), "`` a");
        assert_eq!(message(""), "");
    }

    #[test]
    fn nothing_is_markup() {
        assert_eq!(
            message("<b> \"&' `</code><i>`"),
            "&#60;b&#62; &#34;&#38;&#39; <code>&#60;/code&#62;&#60;i&#62;</code>"
        );
    }

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(message("a\u{202e}\0b"), "a<span class=\"raw\">\\u{202e}\\u{0}</span>b");
        assert_eq!(message("`\u{202e}`"), "<code class=\"raw\">\\u{202e}</code>");
        assert_eq!(message("a\nb"), "a<span class=\"raw\">\\u{a}</span>b");
        let mut source = Text::default();
        source.push_source("\ta\r", Kind::Plain);
        source.push_source("", Kind::Marked);
        assert_eq!(source.render().unwrap(), "\ta<span class=\"raw\">\\u{d}</span><mark></mark>");
    }

    #[test]
    fn what_is_long_is_cut() {
        let long = message(&"`a` ".repeat(40));
        assert_eq!(long.matches("<code>").count(), 10, "{long}");
        assert!(long.ends_with('…') || long.ends_with("</code>"), "{long}");
    }

    #[test]
    fn only_the_web_is_linked() {
        assert!(is_web("https://example.org/a?b#c") && is_web("HTTP://example.org"));
        for address in [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "https://example.org/\u{202e}",
            "https://example.org/a b",
            "ftp://example.org",
            "file:///etc/passwd",
            "",
            "ü",
        ] {
            assert!(!is_web(address), "{address}");
        }
    }
}
