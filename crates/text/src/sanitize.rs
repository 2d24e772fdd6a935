use std::borrow::Cow;

/// Makes text from a file, a path or an object name fit for a terminal: control characters
/// (escape sequences, carriage returns), bidirectional overrides and invisible characters are
/// shown as `\u{…}`; line breaks and tabs stay.
#[must_use]
pub fn sanitize(text: &str) -> Cow<'_, str> {
    clean(text, |character| matches!(character, '\n' | '\t'))
}

/// As [`sanitize`], for text that must stay on one line: paths, names, labels.
#[must_use]
pub fn sanitize_line(text: &str) -> Cow<'_, str> {
    clean(text, |_| false)
}

fn clean(text: &str, keep: fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(|character| is_hostile(character) && !keep(character)) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hostile(character) && !keep(character) {
            clean.extend(character.escape_unicode());
        } else {
            clean.push(character);
        }
    }
    Cow::Owned(clean)
}

/// Characters that move the cursor, change colours or reorder text: C0 and C1 controls, the
/// bidirectional controls of UAX #9, line and paragraph separators, zero-width characters, tags.
fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{sanitize, sanitize_line};

    #[test]
    fn escapes_lose_their_power() {
        assert_eq!(sanitize("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(sanitize("a\tb\n"), "a\tb\n");
        assert_eq!(sanitize_line("a\nb"), "a\\u{a}b");
        assert_eq!(sanitize_line("x\u{202e}y"), "x\\u{202e}y");
    }

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(sanitize("schön 🚢"), std::borrow::Cow::Borrowed(_)));
    }
}
