//! Prose in the width of a terminal.

/// `text` in lines of at most `width` characters, broken at spaces; all but the first begin after
/// `indent` spaces, which count, as do `taken` characters in front of the first. A word that is longer
/// stays whole: a path can be copied. No line begins with `::`, which a build server would read as a
/// command.
pub(crate) fn wrapped(text: &str, width: Option<usize>, taken: usize, indent: usize) -> String {
    /// Narrower columns are worse to read than what the terminal does by itself.
    const LEAST: usize = 24;
    let Some(width) = width.filter(|width| width.saturating_sub(indent) >= LEAST) else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(text.len() + text.len() / width * (indent + 1));
    let mut column = taken;
    for (number, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if number > 0 {
            if column + 1 + length > width && column > indent && !word.starts_with("::") {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            } else {
                out.push(' ');
                column += 1;
            }
        }
        out.push_str(word);
        column += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_broken_at_spaces() {
        let text = "one two three four five six seven eight nine ten";
        assert_eq!(
            wrapped(text, Some(30), 6, 2),
            "one two three four five\n  six seven eight nine ten"
        );
        assert_eq!(wrapped(text, None, 0, 2), text);
        assert_eq!(wrapped(text, Some(20), 0, 2), text, "too narrow to be worth it");
    }

    #[test]
    fn words_stay_whole_and_commands_do_not_begin_lines() {
        let path = "a/very/long/path/that/nobody/wants/to/be/broken/over/two/lines.yaml";
        assert_eq!(wrapped(&format!("in {path} too"), Some(30), 0, 0), format!("in\n{path}\ntoo"));
        let text = "a line that is full up to here ::error::x";
        assert_eq!(wrapped(text, Some(30), 0, 0), "a line that is full up to here ::error::x");
        assert_eq!(wrapped("", Some(30), 0, 0), "");
    }
}
