//! What stands around a find: documentation inside of code, the field of an example, a test beside
//! the code it tests. Nobody deploys what stands there, so it is milder, and the message says why.
//!
//! Only files in which something was found are looked at, and no find is dropped.

mod comment;
mod field;
mod python;
mod rust;

use careen_model::{File, FileKind};
use careen_rule::Confidence;

use crate::context::{Context, FileClass};
use crate::hit::{Hit, rank};
use crate::report::MOST;

/// Why a find is milder than its rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A comment or a string that documents code.
    Documentation,
    /// A field or a remark that says it is an example.
    Example,
    /// A text for people.
    Prose,
    /// A module that is built for tests only.
    Test,
}

impl Place {
    /// The end of the message.
    const fn reason(self) -> &'static str {
        match self {
            Self::Documentation => ", in documentation inside of code",
            Self::Example => ", as an example",
            Self::Prose => ", in prose",
            Self::Test => ", in a module of tests",
        }
    }
}

/// Levels that a find is lowered by where nothing but its surroundings made it one.
const MOST_STEPS: usize = 2;

/// Lowers what stands in documentation, examples and tests inside of `file`.
pub(crate) fn temper(file: &File, context: Context, hits: &mut [Hit]) {
    // Who reads the report counts in what the path says.
    let done = file.class.severity_steps();
    if done >= MOST_STEPS || hits.is_empty() {
        return;
    }
    let surroundings = Surroundings::of(file);
    let prose = context.class == FileClass::Docs;
    // Only so many are reported.
    for hit in hits.iter_mut().take(MOST) {
        // Nobody makes up a checksum.
        if hit.confidence == Confidence::Certain {
            continue;
        }
        // A token of a provider is one wherever it stands.
        let known = (rank::TOKEN..rank::KEY).contains(&hit.rank);
        let place = surroundings.at(hit.span.start as usize);
        let place = place.or_else(|| (prose && hit.is_guessed()).then_some(Place::Prose));
        let Some(place) = place else { continue };
        let steps = match place {
            Place::Prose => 1,
            Place::Documentation | Place::Example if known => 1,
            _ => MOST_STEPS,
        };
        hit.severity = hit.severity.lowered(steps.saturating_sub(done));
        if !known && hit.rank != rank::KEY {
            hit.confidence = Confidence::Low;
        }
        hit.message.push_str(place.reason());
    }
}

/// How comments and documentation are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    /// `"""` where a statement may stand.
    Python,
    /// `///`, `//!`, `/** */`, and tests beside the code.
    Rust,
    /// `//` right before a declaration.
    Go,
    /// `/** */` and `///`.
    Braces,
    /// `=head1`.
    Perl,
    /// Indented or nested fields.
    Fields,
    /// None of them.
    Other,
}

impl Language {
    fn of(file: &File) -> Self {
        let path = file.source.path();
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        match (extension, file.kind) {
            ("py" | "pyi", _) => Self::Python,
            ("rs", _) => Self::Rust,
            ("go", _) => Self::Go,
            ("pl" | "pm", _) => Self::Perl,
            (
                "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "java" | "kt" | "kts"
                | "scala" | "c" | "h" | "cc" | "cpp" | "hpp" | "cs" | "php" | "swift" | "dart"
                | "groovy" | "vue" | "svelte",
                _,
            ) => Self::Braces,
            (_, FileKind::Yaml | FileKind::Json) => Self::Fields,
            _ => Self::Other,
        }
    }
}

/// What is read once of a file.
struct Surroundings<'t> {
    text: &'t str,
    language: Language,
    /// Where documentation or tests stand, in order.
    blocks: Vec<(usize, usize)>,
}

impl<'t> Surroundings<'t> {
    fn of(file: &'t File) -> Self {
        let text = file.source.text();
        let language = Language::of(file);
        let blocks = match language {
            Language::Python => python::documentation(text),
            Language::Rust => rust::tests(text),
            _ => Vec::new(),
        };
        Self { text, language, blocks }
    }

    fn in_block(&self, at: usize) -> bool {
        let next = self.blocks.partition_point(|&(_, end)| end <= at);
        self.blocks.get(next).is_some_and(|&(start, _)| start <= at)
    }

    fn at(&self, at: usize) -> Option<Place> {
        let text = self.text;
        let documented = match self.language {
            Language::Python => self.in_block(at),
            Language::Rust if self.in_block(at) => return Some(Place::Test),
            Language::Rust | Language::Braces => comment::is_marked(text, at),
            Language::Go => comment::is_above_declaration(text, at),
            Language::Perl => comment::is_pod(text, at),
            Language::Fields if field::is_example(text, at) => return Some(Place::Example),
            Language::Fields | Language::Other => false,
        };
        if documented {
            return Some(Place::Documentation);
        }
        comment::is_remarked_example(text, at).then_some(Place::Example)
    }
}

/// Lines are read no further than this to either side, in bytes.
const LONGEST_LINE: usize = 16_384;

/// The line that holds the byte at `at`: where it starts, and its text, which is empty if the line
/// is too long to be one that people write.
fn line_at(text: &str, at: usize) -> (usize, &str) {
    let bytes = text.as_bytes();
    let from = at.saturating_sub(LONGEST_LINE);
    let before = bytes.get(from..at).unwrap_or_default();
    let start = memchr::memrchr(b'\n', before).map_or(from, |newline| from + newline + 1);
    let rest = bytes.get(start..(at + LONGEST_LINE).min(bytes.len())).unwrap_or_default();
    let end = memchr::memchr(b'\n', rest).map_or(start + rest.len(), |length| start + length);
    (start, text.get(start..end).unwrap_or_default())
}

#[cfg(test)]
mod tests;
