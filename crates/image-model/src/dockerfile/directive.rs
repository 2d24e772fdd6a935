//! Parser directives: `# name=value` lines at the very top.

use careen_text::Span;

use super::{Directive, Problem, ProblemKind, lines::Line};
use crate::Word;

/// Reads the directives off the top. Gives them, the escape character, and how many lines they
/// take.
pub(super) fn read(
    text: &str,
    lines: &[Line],
    problems: &mut Vec<Problem>,
) -> (Vec<Directive>, char, usize) {
    let mut found: Vec<Directive> = Vec::new();
    let mut escape = '\\';
    for line in lines {
        let Some(directive) = directive(text, *line) else {
            break;
        };
        let repeated = found.iter().any(|one| one.name.is_ignoring_case(&directive.name.text));
        if repeated {
            problems.push(Problem {
                kind: ProblemKind::Directive,
                span: directive.name.span,
                message: format!("parser directive `{}` is repeated", directive.name.text),
            });
        } else if directive.name.is_ignoring_case("escape") {
            match directive.value.text.as_str() {
                "\\" => escape = '\\',
                "`" => escape = '`',
                _ => problems.push(Problem {
                    kind: ProblemKind::Directive,
                    span: directive.value.span,
                    message: "parser directive `escape` is neither `\\` nor a backtick".to_owned(),
                }),
            }
        }
        found.push(directive);
        // No more than the three names can stand here without repetition.
        if found.len() > 8 {
            break;
        }
    }
    let count = found.len();
    (found, escape, count)
}

fn directive(text: &str, line: Line) -> Option<Directive> {
    let (trimmed, start) = line.trimmed(text);
    let body = trimmed.strip_prefix('#')?;
    let equals = body.find('=')?;
    let name = part(body, 0..equals, start + 1)?;
    let value = part(body, equals + 1..body.len(), start + 1)?;
    let known = ["syntax", "escape", "check"];
    if !known.iter().any(|known| name.is_ignoring_case(known)) {
        return None;
    }
    let span = Span::new(Span::of(start..start).start, value.span.end);
    Some(Directive { name, value, span })
}

/// The trimmed part of a text that stands at `offset` in the file; nothing where it is blank.
fn part(body: &str, range: std::ops::Range<usize>, offset: usize) -> Option<Word> {
    let raw = body.get(range.clone())?;
    let text = raw.trim();
    if text.is_empty() {
        return None;
    }
    let start = offset + range.start + (raw.len() - raw.trim_start().len());
    let span = Span::of(start..start + text.len());
    Some(Word { text: text.to_owned(), span, content: span, quoted: false, literal: true })
}
