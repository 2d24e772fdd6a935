//! Variables that the builder fills in, in words of instructions and in heredocs.

use std::collections::HashMap;

use careen_image_model::Word;
use careen_image_model::dockerfile::{BaseKind, Instruction, Keyword};
use careen_text::{Source, Span};

use crate::subject::Build;

/// Variables of one word that are looked at.
const VARIABLES_MAX: usize = 256;
/// Stages that a stage is built on which are looked at.
const STAGES_MAX: usize = 64;
/// Names that a name is compared with.
const NAMES_MAX: usize = 200;

/// A variable that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// The name.
    pub(crate) name: &'a str,
    /// From the `$` to the end of the name or of the closing brace.
    pub(crate) span: Span,
    /// Whether the text says what is to happen where it is not set: `${name:-…}` and its kin.
    pub(crate) guarded: bool,
}

/// The variables in a text of the file. `quotes` says that single quotes take the meaning from a
/// dollar sign, as in words and unlike in heredocs.
pub(crate) fn references(
    source: &Source,
    span: Span,
    escape: char,
    quotes: bool,
) -> Vec<Reference<'_>> {
    let text = source.slice(span);
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut quote = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\'' | b'"' if quotes && quote.is_none() => quote = Some(byte),
            _ if quotes && quote == Some(byte) => quote = None,
            _ if quote == Some(b'\'') => {}
            _ if char::from(byte) == escape => at += 1,
            // A parameter of the shell, which the builder does not know.
            b'$' if bytes.get(at) == Some(&b'$') => at += 1,
            b'$' => {
                let braced = bytes.get(at) == Some(&b'{');
                let start = at + usize::from(braced);
                let rest = bytes.get(start..).unwrap_or_default();
                let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                let end = start + rest.iter().take_while(is_name).count();
                let Some(name) = text.get(start..end).filter(|name| is_variable(name)) else {
                    continue;
                };
                let operator = if braced { bytes.get(end).copied() } else { None };
                let closing = usize::from(operator == Some(b'}'));
                let guarded = match operator {
                    Some(b':') => {
                        matches!(bytes.get(end + 1), Some(b'-' | b'+' | b'?'))
                    }
                    operator => matches!(operator, Some(b'-' | b'+' | b'?')),
                };
                let begin = span.start + Span::of(0..at - 1).end;
                let range = Span::of(at - 1..end + closing);
                found.push(Reference {
                    name,
                    span: Span::new(begin, begin + range.len()),
                    guarded,
                });
                if found.len() >= VARIABLES_MAX {
                    break;
                }
                // What stands behind an operator is read as well: it may hold variables.
                at = end;
            }
            _ => {}
        }
    }
    found
}

fn is_variable(name: &str) -> bool {
    name.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
}

/// The variables that the builder fills in for an instruction, in the order of the text; those of
/// `FROM`, whose variables are others, are left out.
pub(crate) fn references_of<'a>(
    instruction: &'a Instruction,
    source: &'a Source,
    escape: char,
) -> Vec<Reference<'a>> {
    let mut found = Vec::new();
    let mut word = |word: &Word, quotes: bool| {
        if source.slice(word.span).contains('$') {
            found.extend(references(source, word.span, escape, quotes));
        }
    };
    let files = matches!(instruction.keyword, Keyword::Add | Keyword::Copy);
    match instruction.keyword {
        Keyword::Add
        | Keyword::Copy
        | Keyword::Expose
        | Keyword::Stopsignal
        | Keyword::User
        | Keyword::Volume
        | Keyword::Workdir => {
            // In JSON form the quotes belong to the form.
            let json = instruction.is_json();
            for one in instruction.words() {
                if json { word(&inside(one), true) } else { word(one, true) }
            }
        }
        Keyword::Env | Keyword::Label | Keyword::Arg => {
            for pair in instruction.pairs() {
                if instruction.keyword != Keyword::Arg {
                    word(&pair.key, true);
                }
                if let Some(value) = &pair.value {
                    word(value, true);
                }
            }
        }
        _ => {}
    }
    if files {
        // The name of a stage is taken as it is written.
        let flags = instruction.flags.iter().filter(|flag| flag.name != "from");
        let flags = flags.filter_map(|flag| flag.value.as_ref());
        flags.for_each(|value| word(value, true));
        for heredoc in instruction.heredocs.iter().filter(|heredoc| heredoc.expand) {
            found.extend(references(source, heredoc.body_span, escape, false));
        }
    }
    found
}

/// The word without the quotes of the JSON form.
fn inside(word: &Word) -> Word {
    Word { span: word.content, ..Word::default() }
}

/// Where variables are set: `ARG` and `ENV` by name and stage, the first of each.
pub(crate) struct Definitions<'a> {
    build: &'a Build<'a>,
    first: HashMap<(&'a str, usize), Definition>,
}

/// The first instruction of a stage that sets a variable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Definition {
    /// Its index.
    pub(crate) index: usize,
    /// Whether it is an `ENV`.
    pub(crate) is_env: bool,
}

impl<'a> Definitions<'a> {
    /// Collects those of a file.
    pub(crate) fn of(build: &'a Build<'a>) -> Self {
        let mut first = HashMap::new();
        for (index, written) in build.dockerfile.instructions.iter().enumerate() {
            let instruction = written.effective();
            let (Some(stage), Keyword::Env | Keyword::Arg) = (written.stage, instruction.keyword)
            else {
                continue;
            };
            let is_env = instruction.keyword == Keyword::Env;
            for pair in instruction.pairs() {
                first
                    .entry((pair.key.text.as_str(), stage))
                    .or_insert(Definition { index, is_env });
            }
        }
        Self { build, first }
    }

    /// The first one in that very stage.
    pub(crate) fn in_stage(&self, name: &str, stage: usize) -> Option<Definition> {
        self.first.get(&(name, stage)).copied()
    }

    /// Whether the variable is set in front of an instruction: in its stage, or in a stage below,
    /// whose `ARG`s and `ENV`s are inherited both.
    pub(crate) fn is_set(&self, name: &str, stage: usize, index: usize) -> bool {
        if self.in_stage(name, stage).is_some_and(|own| own.index < index) {
            return true;
        }
        let stages = &self.build.dockerfile.stages;
        let mut below = stages.get(stage);
        for _ in 0..STAGES_MAX {
            let Some(BaseKind::Stage(base)) = below.map(|stage| &stage.base_kind) else {
                return false;
            };
            if self.first.contains_key(&(name, *base)) {
                return true;
            }
            below = stages.get(*base);
        }
        // Too long a chain to be sure.
        true
    }

    /// A variable of the stage whose name is a slip of the pen away.
    pub(crate) fn like(&self, name: &str, stage: usize, index: usize) -> Option<&'a str> {
        let own = self.build.dockerfile.stages.get(stage)?.instructions.start..index;
        let instructions = self.build.dockerfile.instructions.get(own)?.iter().take(NAMES_MAX);
        let named = instructions
            .filter(|one| matches!(one.keyword, Keyword::Env | Keyword::Arg))
            .flat_map(Instruction::pairs)
            .take(NAMES_MAX)
            .map(|pair| pair.key.text.as_str());
        named.chain(["PATH"]).find(|known| is_slip(name, known))
    }
}

/// Whether one name is the other with two neighbouring letters swapped, or one letter of its
/// inside missing or too many.
fn is_slip(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let (short, long) = (short.as_bytes(), long.as_bytes());
    if short.len() < 4 || long.len() > short.len() + 1 || long.len() > 64 {
        return false;
    }
    let Some(at) = short.iter().zip(long).position(|(a, b)| a != b) else { return false };
    let (rest, longer) = (short.get(at..).unwrap_or_default(), long.get(at..).unwrap_or_default());
    if short.len() < long.len() {
        return longer.get(1..) == Some(rest)
            && longer.first().is_some_and(|b| !b.is_ascii_digit());
    }
    let (Some([a, b]), Some([c, d])) = (rest.get(..2), longer.get(..2)) else { return false };
    a == d && b == c && rest.get(2..) == longer.get(2..)
}

#[cfg(test)]
mod tests {
    use careen_text::{Source, Span};

    use super::{is_slip, references};

    #[test]
    fn slips_are_near() {
        assert!(is_slip("PAHT", "PATH"));
        assert!(is_slip("APPHOME", "APP_HOME"));
        assert!(!is_slip("PATHS", "PATH"));
        assert!(!is_slip("VAR_A", "VAR_B"));
        assert!(!is_slip("PATH", "PATH"));
        assert!(!is_slip("A12B", "A1B"));
    }

    fn read(text: &str, quotes: bool) -> Vec<(String, bool, String)> {
        let source = Source::new("Dockerfile", format!("--{text}"));
        let span = Span::of(2..text.len() + 2);
        let found = references(&source, span, '\\', quotes).into_iter();
        found
            .map(|one| (one.name.to_owned(), one.guarded, source.slice(one.span).to_owned()))
            .collect()
    }

    fn names(text: &str) -> Vec<String> {
        read(text, true).into_iter().map(|(name, ..)| name).collect()
    }

    #[test]
    fn variables_are_found() {
        assert_eq!(names("$a/${b}"), ["a", "b"]);
        assert_eq!(names("\"$a\"'$b'\\$c$$d"), ["a"]);
        assert_eq!(names("$1 ${} $ $"), Vec::<String>::new());
        assert_eq!(names("${a:-${b}}"), ["a", "b"]);
        assert_eq!(read("'$a'", false).len(), 1);
        let one = |name: &str, guarded, text: &str| (name.to_owned(), guarded, text.to_owned());
        assert_eq!(read("x${a}y", true), [one("a", false, "${a}")]);
        assert_eq!(read("${a:-b}", true), [one("a", true, "${a")]);
        assert_eq!(read("${a%b}", true), [one("a", false, "${a")]);
        assert_eq!(read("${a?}${b:+c}", true).iter().filter(|one| one.1).count(), 2);
    }
}
