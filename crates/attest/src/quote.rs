//! Words of a file that is written, and of a command that is told.

/// A scalar of YAML in double quotes, which every reader takes for this very text.
pub(crate) fn yaml(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ if must_be_escaped(character) => {
                quoted.push_str(&format!("\\U{:08X}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// Control characters, line breaks, and what changes the look of the text around it.
fn must_be_escaped(character: char) -> bool {
    careen_text::sanitize_line(character.encode_utf8(&mut [0; 4])).starts_with("\\u")
}

/// As [`yaml`], but without quotes where nobody takes it for anything but text.
pub(crate) fn yaml_word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@+".contains(&byte);
    let starts_well = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if starts_well && text.contains('@') && text.bytes().all(plain) {
        return text.to_owned();
    }
    yaml(text)
}

/// A word of a POSIX shell, on one line.
pub(crate) fn shell(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./@+:".contains(&byte);
    let text = careen_text::sanitize_line(text);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use careen_text::Source;
    use careen_yaml::Limits;
    use proptest::prelude::*;

    use super::{shell, yaml, yaml_word};

    fn read(text: &str) -> Option<String> {
        let tree =
            careen_yaml::parse(&Source::new("x", format!("a: {text}\n")), &Limits::default());
        let root = tree.document(0)?.root()?;
        root.get("a")?.as_str().map(str::to_owned)
    }

    proptest! {
        #[test]
        fn yaml_reads_what_was_written(text in any::<String>()) {
            prop_assert_eq!(read(&yaml(&text)), Some(text.clone()));
            prop_assert_eq!(read(&yaml_word(&text)), Some(text.clone()));
            prop_assert!(!yaml(&text).contains('\n'));
        }
    }

    #[test]
    fn words_stay_words() {
        assert_eq!(yaml_word("alice@example.com"), "alice@example.com");
        assert_eq!(yaml_word("@x"), "\"@x\"");
        assert_eq!(yaml_word("yes"), "\"yes\"");
        assert_eq!(shell("alice@example.com"), "alice@example.com");
        assert_eq!(shell("$(id) it's\n"), r"'$(id) it'\''s\u{a}'");
    }
}
