//! Small matters of language.

use std::borrow::Cow;

/// `1 finding`, `2 findings`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// At most `most` characters of `text`, the last of them an ellipsis if something is missing.
pub(crate) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most || text.chars().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    Cow::Owned(cut)
}

/// `text` with a full stop, unless it ends like a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    let stop = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{text}{stop}")
}

/// `text` with its first letter in upper case.
pub(crate) fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::{capitalized, count, cut, sentence};

    #[test]
    fn words() {
        assert_eq!(count(1, "file", "files"), "1 file");
        assert_eq!(count(0, "file", "files"), "0 files");
        assert_eq!(cut("schön", 5), "schön");
        assert_eq!(cut("schöne", 5), "schö…");
        assert_eq!(sentence("a"), "a.");
        assert_eq!(sentence("a?"), "a?");
        assert_eq!(capitalized("über"), "Über");
        assert_eq!(capitalized(""), "");
    }
}
