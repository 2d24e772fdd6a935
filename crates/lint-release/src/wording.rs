//! Whether a text says something: what stands for a text that is still to be written does not.

/// What is written where nothing is known yet.
const PLACEHOLDERS: [&str; 20] = [
    "todo",
    "tbd",
    "tba",
    "tbc",
    "fixme",
    "xxx",
    "wip",
    "n/a",
    "none",
    "unknown",
    "placeholder",
    "to be done",
    "to be written",
    "to be defined",
    "to be determined",
    "to be added",
    "coming soon",
    "work in progress",
    "change me",
    "changeme",
];

/// Letters and digits that make a text of some use.
const ENOUGH: usize = 12;

/// Whether a text stands for another that is still to be written.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    bare.is_empty()
        || PLACEHOLDERS.contains(&bare.as_str())
        || ["todo", "tbd", "fixme"].iter().any(|word| {
            let rest = bare.strip_prefix(word).unwrap_or("x");
            rest.starts_with(|c: char| !c.is_alphanumeric())
        })
}

/// Whether a text below a heading says something: neither headings, comments and rules nor what stands
/// for a text to come.
pub(crate) fn says_something(text: &str) -> bool {
    let mut count = 0;
    let mut in_comment = false;
    for line in text.lines() {
        let mut line = line.trim();
        if !in_comment && line.starts_with("<!--") {
            in_comment = true;
        }
        if in_comment {
            let Some((_, after)) = line.split_once("-->") else { continue };
            in_comment = false;
            line = after.trim();
        }
        let is_heading = line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
        let marks = |c: char| matches!(c, '-' | '*' | '+' | '>' | '[' | ']' | '.' | ')' | ' ');
        let body = line.trim_start_matches(|c: char| marks(c) || c.is_ascii_digit());
        if !is_heading && !is_placeholder(body) {
            count += body.chars().filter(|c| c.is_alphanumeric()).take(ENOUGH).count();
        }
        if count >= ENOUGH {
            return true;
        }
    }
    false
}

/// Whether the text holds the words, not inside of others; `text` and `words` are in lower case.
pub(crate) fn has_words(text: &str, words: &str) -> bool {
    !words.is_empty()
        && text.match_indices(words).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            let after = text.get(at + words.len()..).unwrap_or_default();
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
        })
}

#[cfg(test)]
mod tests {
    use super::{has_words, says_something};

    #[test]
    fn what_is_to_come_says_nothing() {
        for text in [
            "",
            "\n\nTODO\n",
            "* [ ] TBD: write this\n",
            "<!-- run helm rollback, then look at the graphs -->\n",
            "<!--\nrun helm rollback\n-->",
            "### Steps\n\n### After\n",
            "Coming soon.",
            "---\n",
        ] {
            assert!(!says_something(text), "{text}");
        }
        for text in
            ["Run `helm rollback shop`.", "1. Open the console\n", "TBD\n\nRun `undo.sh --all` now"]
        {
            assert!(says_something(text), "{text}");
        }
    }

    #[test]
    fn words_stand_alone() {
        assert!(has_words("who is on-call?", "on-call"));
        assert!(!has_words("recall", "call"));
        assert!(!has_words("dbase", "db"));
    }
}
