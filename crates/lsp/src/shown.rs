//! What is shown of a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use careen_rule::Judged;
use lsp_types::{Position, Range};

use crate::encoding::Encoding;
use crate::{Outcome, Problem};

/// A finding or a problem, where the editor has it.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) range: Range,
    pub(crate) what: What,
}

/// What is shown.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// A finding.
    Finding {
        judged: Arc<Judged>,
        /// What its paths are relative to.
        base: Arc<Path>,
        /// Whether its rule looks across files.
        across: bool,
    },
    /// A problem.
    Problem(Arc<Problem>),
}

impl Shown {
    pub(crate) fn judged(&self) -> Option<&Arc<Judged>> {
        match &self.what {
            What::Finding { judged, .. } => Some(judged),
            What::Problem(_) => None,
        }
    }

    /// Whether only a look at the whole folder can tell.
    pub(crate) fn is_across(&self) -> bool {
        match &self.what {
            What::Finding { across, .. } => *across,
            // What a suppression covers is only known when all rules ran.
            What::Problem(problem) => problem.kind == "suppression",
        }
    }

    /// Whether the place and the other range have a character or an edge in common.
    pub(crate) fn touches(&self, range: Range) -> bool {
        self.range.start <= range.end && range.start <= self.range.end
    }

    /// Follows an edit; false if the edit is of the place itself.
    pub(crate) fn follow(&mut self, edited: Range, text: &str, encoding: Encoding) -> bool {
        if self.range.end <= edited.start {
            return true;
        }
        if self.range.start < edited.end {
            return false;
        }
        let step = Step::of(edited, text, encoding);
        self.range = Range::new(step.after(self.range.start), step.after(self.range.end));
        true
    }
}

/// How places behind an edit move.
struct Step {
    old_end: Position,
    new_end: Position,
}

impl Step {
    fn of(edited: Range, text: &str, encoding: Encoding) -> Self {
        let breaks = careen_text::LineIndex::new(text).line_count().saturating_sub(1);
        let last = text.rsplit(['\n', '\r']).next().unwrap_or_default();
        let width = encoding.width(last);
        let before = if breaks == 0 { edited.start.character } else { 0 };
        let new_end = Position::new(edited.start.line + breaks, before.saturating_add(width));
        Self { old_end: edited.end, new_end }
    }

    fn after(&self, at: Position) -> Position {
        let line = at.line.saturating_sub(self.old_end.line).saturating_add(self.new_end.line);
        if at.line > self.old_end.line {
            return Position::new(line, at.character);
        }
        let beyond = at.character.saturating_sub(self.old_end.character);
        Position::new(line, self.new_end.character.saturating_add(beyond))
    }
}

/// What an outcome tells, by file. `line` gives the text of a 1-based line of a file, where it is
/// open.
pub(crate) fn by_file<'t>(
    outcome: Outcome,
    encoding: Encoding,
    line: &dyn Fn(&Path, u32) -> Option<&'t str>,
) -> BTreeMap<PathBuf, Vec<Shown>> {
    let mut files: BTreeMap<PathBuf, Vec<Shown>> = BTreeMap::new();
    let Outcome { base, findings, problems, across, .. } = outcome;
    let base: Arc<Path> = base.into();
    for judged in findings {
        let path = base.join(&*judged.path);
        let range = encoding.range(judged.region, |number| line(&path, number));
        let across = across.contains(judged.rule.id);
        let what = What::Finding { judged: Arc::new(judged), base: Arc::clone(&base), across };
        files.entry(path).or_default().push(Shown { range, what });
    }
    for problem in problems {
        let path = problem.path.clone();
        let range = encoding.range(problem.region, |number| line(&path, number));
        files
            .entry(path)
            .or_default()
            .push(Shown { range, what: What::Problem(Arc::new(problem)) });
    }
    files
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use lsp_types::{Position, Range};

    use super::{Shown, What};
    use crate::encoding::Encoding;
    use crate::{Level, Problem};

    fn range(numbers: [u32; 4]) -> Range {
        let [a, b, c, d] = numbers;
        Range::new(Position::new(a, b), Position::new(c, d))
    }

    #[test]
    fn places_follow_edits() {
        for (place, edited, text, expected) in [
            ([5, 2, 5, 6], [1, 0, 1, 0], "a\nb\r\n", Some([7, 2, 7, 6])),
            ([5, 2, 5, 6], [1, 0, 4, 0], "", Some([2, 2, 2, 6])),
            ([5, 2, 5, 6], [5, 0, 5, 1], "🚢b", Some([5, 4, 5, 8])),
            ([5, 2, 5, 6], [4, 3, 5, 1], "", Some([4, 4, 4, 8])),
            ([5, 2, 5, 6], [5, 0, 5, 2], "x\n", Some([6, 0, 6, 4])),
            ([5, 2, 5, 6], [5, 6, 9, 0], "x", Some([5, 2, 5, 6])),
            ([5, 2, 6, 6], [5, 3, 5, 3], "\n", None),
        ] {
            let problem = Problem {
                path: PathBuf::from("a"),
                region: careen_rule::Region {
                    start: careen_text::Position::default(),
                    end: careen_text::Position::default(),
                },
                level: Level::Error,
                message: String::new(),
                kind: "syntax",
            };
            let what = What::Problem(Arc::new(problem));
            let mut shown = Shown { range: range(place), what };
            let kept = shown.follow(range(edited), text, Encoding::Utf16);
            assert_eq!(kept.then_some(shown.range), expected.map(range), "{edited:?} {text:?}");
        }
    }
}
