use std::ops::Range;

use careen_image_model::dockerfile::Keyword;

use super::Act;

/// Build arguments and variables of one step that are looked at.
const GIVEN_MAX: usize = 500;

/// A name with its value in the text of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given<'a> {
    /// The name.
    pub(crate) name: &'a str,
    /// The value.
    pub(crate) value: &'a str,
    /// Where name and value stand.
    pub(crate) whole: Range<usize>,
    /// Where the value stands.
    pub(crate) place: Range<usize>,
}

impl<'a> Act<'a> {
    /// What a step says it did.
    pub(super) fn of(text: &'a str) -> Self {
        let end = text.trim_end().strip_suffix("# buildkit").unwrap_or(text).trim_end().len();
        let first = text.split_ascii_whitespace().next().unwrap_or_default();
        let starts_script = |word: &str| word.starts_with('|') || is_shell(word);
        if starts_script(first) {
            return Self::of_script(text, 0..end);
        }
        // Builders write keywords in capitals; what is not so is somebody's sentence.
        let capital = first.bytes().all(|byte| byte.is_ascii_uppercase());
        match if capital { Keyword::of(first) } else { Keyword::Unknown } {
            Keyword::Unknown => Self::Foreign,
            Keyword::Run => Self::of_script(text, skip_blanks(text, first.len()).min(end)..end),
            keyword => Self::Instruction(keyword, skip_blanks(text, first.len()).min(end)..end),
        }
    }

    fn of_script(text: &'a str, range: Range<usize>) -> Self {
        let (arguments, mut at) = arguments(text, range.clone());
        if is_shell(word(text, at)) {
            at = behind_shell(text, at);
        }
        let at = at.min(range.end);
        let script = text.get(at..range.end).unwrap_or_default();
        if let Some(instruction) = script.strip_prefix("#(nop)") {
            let start = at + (script.len() - instruction.trim_start().len());
            let first = word(text, start);
            let rest = skip_blanks(text, start + first.len()).min(range.end);
            return match Keyword::of(first) {
                Keyword::Unknown => Self::Foreign,
                keyword => Self::Instruction(keyword, rest..range.end),
            };
        }
        Self::Run { arguments, script: at..range.end }
    }
}

/// The build arguments in front of a command, and where the command begins.
fn arguments(text: &str, range: Range<usize>) -> (Vec<Given<'_>>, usize) {
    let first = word(text, range.start);
    let Some(count) = first.strip_prefix('|').and_then(|count| count.parse::<usize>().ok()) else {
        return (Vec::new(), range.start);
    };
    let start = skip_blanks(text, range.start + first.len());
    let mut names = Vec::new();
    let mut at = start;
    while at < range.end && names.len() < GIVEN_MAX {
        let one = word(text, at);
        // Values may have blanks: it is a shell that ends them.
        if names.len() >= count && is_shell(one) {
            return (Given::all(text, start..at), at);
        }
        if name_of(one).is_some() {
            names.push(at);
        }
        at = skip_blanks(text, at + one.len().max(1));
    }
    // Without a shell, the last value is taken for one word.
    let last = count.checked_sub(1).and_then(|last| names.get(last).copied());
    let at = last.map_or(range.end, |last| last + word(text, last).len()).min(range.end);
    (Given::all(text, start..at), skip_blanks(text, at))
}

impl<'a> Given<'a> {
    /// The `NAME=value`s of a range of a text. A value ends where the next name begins.
    pub(crate) fn all(text: &'a str, range: Range<usize>) -> Vec<Self> {
        let mut starts = Vec::new();
        let mut at = range.start;
        while at < range.end && starts.len() < GIVEN_MAX {
            let one = word(text, at);
            if let Some(name) = name_of(one) {
                starts.push((at, name));
            }
            at = skip_blanks(text, at + one.len().max(1));
        }
        let mut all = Vec::with_capacity(starts.len());
        for (index, &(start, name)) in starts.iter().enumerate() {
            let end = starts.get(index + 1).map_or(range.end, |(next, _)| *next);
            let place = start + name.len() + 1;
            let value = text.get(place..end).unwrap_or_default().trim_end();
            let place = place..place + value.len();
            all.push(Self { name, value, whole: start..place.end, place });
        }
        all
    }
}

/// The name in front of the `=` of a word.
fn name_of(word: &str) -> Option<&str> {
    let (name, _) = word.split_once('=')?;
    let mut bytes = name.bytes();
    let starts = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    (starts && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)))
        .then_some(name)
}

/// The word that begins at a place of a text.
fn word(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    rest.split(|character: char| character.is_ascii_whitespace()).next().unwrap_or_default()
}

/// The first place from `at` on that is not blank.
fn skip_blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let blank = |character: char| character.is_ascii_whitespace();
    text.len() - rest.trim_start_matches(blank).len()
}

/// Whether a word is a shell of the POSIX family, by its absolute path.
fn is_shell(word: &str) -> bool {
    const SHELLS: [&str; 7] = ["sh", "bash", "ash", "dash", "ksh", "zsh", "mksh"];
    let program = word.rsplit('/').next().unwrap_or_default();
    word.starts_with('/') && SHELLS.contains(&program)
}

/// Where the script begins that is given to the shell at `at`.
fn behind_shell(text: &str, at: usize) -> usize {
    let after = skip_blanks(text, at + word(text, at).len());
    let mut at = after;
    loop {
        let option = word(text, at);
        let Some(letters) = option.strip_prefix('-') else { return after };
        at = skip_blanks(text, at + option.len());
        if letters.ends_with('c') && !letters.starts_with('-') {
            return at;
        }
        // `-o pipefail`, `-euo pipefail`.
        if letters.ends_with('o') {
            at = skip_blanks(text, at + word(text, at).len());
        }
    }
}

#[cfg(test)]
mod tests {
    use careen_image_model::dockerfile::Keyword;

    use super::Act;

    fn run(text: &str) -> (Vec<(&str, &str)>, &str) {
        match Act::of(text) {
            Act::Run { arguments, script } => {
                let given = arguments.iter().map(|it| (it.name, it.value)).collect();
                (given, &text[script])
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn commands_and_their_arguments() {
        for (text, given, script) in [
            ("RUN /bin/sh -c make # buildkit", vec![], "make"),
            ("/bin/sh -c make  ", vec![], "make"),
            ("/bin/sh -c ", vec![], ""),
            ("RUN make install # buildkit", vec![], "make install"),
            ("RUN /bin/bash -eo pipefail -c a | b # buildkit", vec![], "a | b"),
            ("RUN |1 A=x /bin/sh -c make # buildkit", vec![("A", "x")], "make"),
            ("|2 A=x y B= /bin/sh -c C=1 make", vec![("A", "x y"), ("B", "")], "C=1 make"),
            ("RUN |1 A=x y /bin/sh -c make # buildkit", vec![("A", "x y")], "make"),
            ("RUN |1 A=x make D=1 # buildkit", vec![("A", "x")], "make D=1"),
            ("RUN |1 A=x make all # buildkit", vec![("A", "x")], "make all"),
            ("RUN |9 A=x", vec![("A", "x")], ""),
            ("RUN |x A=x", vec![], "|x A=x"),
        ] {
            assert_eq!(run(text), (given, script), "{text}");
        }
    }

    #[test]
    fn instructions() {
        for (text, keyword, words) in [
            ("ENV A=b c # buildkit", Keyword::Env, "A=b c"),
            ("/bin/sh -c #(nop)  CMD [\"sh\"]", Keyword::Cmd, "[\"sh\"]"),
            ("/bin/sh -c #(nop) ADD file:12 in / ", Keyword::Add, "file:12 in /"),
            ("|1 A=b /bin/sh -c #(nop) LABEL a=b", Keyword::Label, "a=b"),
            ("CMD", Keyword::Cmd, ""),
        ] {
            match Act::of(text) {
                Act::Instruction(found, range) => {
                    assert_eq!((found, &text[range]), (keyword, words), "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        for text in ["", "apko", "# debian.sh --arch 'amd64'", "bazel build", "Run it", "é é", "|"]
        {
            let act = Act::of(text);
            assert!(matches!(act, Act::Foreign | Act::Run { .. }), "{text}: {act:?}");
        }
    }
}
