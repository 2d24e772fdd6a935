//! Text of reports, made fit for people.

use careen_text::sanitize_line;

/// The first line that is not blank, without control characters, of at most so many characters.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let line = text.trim_start().lines().next().unwrap_or_default().trim_end();
    // What is cut away needs not be looked at.
    let start = line.char_indices().nth(most + 1).map_or(line, |(at, _)| &line[..at]);
    let clean = sanitize_line(start);
    if clean.chars().count() <= most {
        return clean.into_owned();
    }
    let mut cut: String = clean.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn one_line_is_short_and_harmless() {
        assert_eq!(one_line("\n  a\u{1b}[31m b \nsecond", 40), "a\\u{1b}[31m b");
        assert_eq!(one_line("abcdef", 4), "abc…");
        assert_eq!(one_line("abcd", 4), "abcd");
        assert_eq!(one_line("", 4), "");
    }
}
