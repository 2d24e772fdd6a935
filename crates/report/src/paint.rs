//! Colours of a terminal, for what the renderer of snippets does not write.

use std::borrow::Cow;

const PLAIN: &str = "\u{1b}[0m";

/// A severity or the word `note`, in its colour.
pub(crate) fn level(word: &str, color: bool) -> Cow<'_, str> {
    let style = match word {
        "critical" | "high" => "1;31",
        "medium" | "warning" => "1;33",
        "low" => "1;32",
        _ => "1;36",
    };
    code(style, word, color)
}

pub(crate) fn bold(text: &str, color: bool) -> Cow<'_, str> {
    code("1", text, color)
}

/// Text in a style, given as the parameters of `SGR`.
pub(crate) fn code<'t>(style: &str, text: &'t str, color: bool) -> Cow<'t, str> {
    if color { Cow::Owned(format!("\u{1b}[{style}m{text}{PLAIN}")) } else { Cow::Borrowed(text) }
}
