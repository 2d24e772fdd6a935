//! What a finished source does not say: work left for later belongs into an issue.

use super::Violation;

/// Words a comment does not hold. Written apart, so that this file may hold them.
const WORDS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
/// What code does not hold.
const CODE: [&str; 3] = [concat!("todo", "!("), concat!("unimplemented", "!("), "#[ignore"];

/// Every such place, tests included.
pub(super) fn check(path: &str, text: &str) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut is_example = false;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let mut say = |message: String| {
            violations.push(Violation { path: path.to_owned(), line: index + 1, message });
        };
        if trimmed.starts_with("//") {
            if trimmed.trim_start_matches(['/', '!', ' ']).starts_with("```") {
                is_example = !is_example;
            }
            if let Some(word) = WORDS.iter().find(|word| !is_example && has_word(trimmed, word)) {
                say(format!("`{word}`: do it, or file an issue"));
            }
            continue;
        }
        is_example = false;
        for code in CODE {
            if trimmed.starts_with(code) || has_macro(trimmed, code) {
                say(format!("`{code}`: neither unfinished code nor skipped tests are checked in"));
            }
        }
    }
    violations
}

/// Whether a macro call stands in the line outside of a string, judged by the quotes before it.
fn has_macro(line: &str, call: &str) -> bool {
    call.ends_with('(')
        && line.match_indices(call).any(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            before.matches('"').count() % 2 == 0
                && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
        })
}

/// Whether the word stands alone in a comment, not as code between back quotes.
fn has_word(comment: &str, word: &str) -> bool {
    comment
        .split('`')
        .step_by(2)
        .flat_map(|prose| prose.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .any(|each| each == word)
}

#[cfg(test)]
mod tests {
    use super::check;

    fn lines(text: &str) -> Vec<usize> {
        check("a.rs", text).into_iter().map(|each| each.line).collect()
    }

    #[test]
    fn unfinished_work_is_named() {
        let word = super::WORDS[0];
        assert_eq!(lines(&format!("// {word}: later\nlet a = 1;\n")), [1]);
        assert_eq!(lines(&format!("let a = {}1);\n", super::CODE[0])), [1]);
        assert_eq!(lines(&format!("    {}]\nfn a() {{}}\n", super::CODE[2])), [1]);
    }

    #[test]
    fn words_that_are_data_are_left_alone() {
        let word = super::WORDS[0];
        assert_eq!(lines(&format!("// A value of `{word}` is a placeholder.\n")), [0; 0]);
        assert_eq!(lines(&format!("/// ```yaml bad\n/// a: {word}\n/// ```\n")), [0; 0]);
        assert_eq!(lines(&format!("let words = [\"{word}\"];\n")), [0; 0]);
        assert_eq!(lines(&format!("let text = \"{}\";\n", super::CODE[1])), [0; 0]);
    }
}
