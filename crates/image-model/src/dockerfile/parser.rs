use std::sync::Arc;

use careen_text::{Source, Span};

use super::arguments::{self, Draft};
use super::heredoc::{self, Ends};
use super::lines::{self, Line};
use super::{
    Comment, Dockerfile, Heredoc, INSTRUCTION_LEN_MAX, INSTRUCTIONS_MAX, Instruction, PROBLEMS_MAX,
    Problem, ProblemKind, directive, stage,
};
use crate::Joined;
use crate::joined::Joiner;

/// Reads a Dockerfile. Whatever is wrong with it ends up in its problems.
#[must_use]
pub fn parse(source: &Arc<Source>) -> Dockerfile {
    let text = source.text();
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let lines = lines::split(text, mark);
    let mut problems = Vec::new();
    let (directives, escape, skip) = directive::read(text, &lines, &mut problems);
    let mut parser = Parser {
        text,
        lines,
        at: skip,
        escape,
        instructions: Vec::new(),
        problems,
        comments: Vec::new(),
        ends: None,
    };
    parser.run();
    let Parser { mut instructions, mut problems, comments, .. } = parser;
    let stages = stage::build(source, &mut instructions, escape, &mut problems);
    problems.truncate(PROBLEMS_MAX);
    let source = Arc::clone(source);
    Dockerfile { instructions, stages, problems, comments, directives, escape, source }
}

struct Parser<'a> {
    text: &'a str,
    lines: Vec<Line>,
    /// The next line.
    at: usize,
    escape: char,
    instructions: Vec<Instruction>,
    problems: Vec<Problem>,
    comments: Vec<Comment>,
    ends: Option<Ends<'a>>,
}

impl Parser<'_> {
    fn run(&mut self) {
        while let Some(line) = self.lines.get(self.at).copied() {
            let (trimmed, start) = line.trimmed(self.text);
            if trimmed.is_empty() || self.comment(trimmed, start) {
                self.at += 1;
                continue;
            }
            if self.instructions.len() >= INSTRUCTIONS_MAX {
                self.problem(ProblemKind::Limit, line.span(), "the file has too many instructions");
                break;
            }
            let joined = self.logical_line();
            let draft = arguments::instruction(&joined, 0, self.escape, &mut self.problems, false);
            let Some(Draft { mut instruction, heredocs }) = draft else {
                continue;
            };
            self.bodies(&mut instruction, heredocs);
            self.instructions.push(instruction);
        }
    }

    /// Notes a comment line.
    fn comment(&mut self, trimmed: &str, start: usize) -> bool {
        let Some(body) = trimmed.strip_prefix('#') else {
            return false;
        };
        let span = Span::of(start..start + trimmed.len());
        self.comments.push(Comment { span, text: body.trim().to_owned() });
        true
    }

    /// Puts the lines of one instruction together and moves behind them.
    fn logical_line(&mut self) -> Joined {
        let mut joiner = Joiner::default();
        let mut first = true;
        let mut blank_noted = false;
        let mut cut = false;
        while let Some(line) = self.lines.get(self.at).copied() {
            let (trimmed, start) = line.trimmed(self.text);
            if !first && trimmed.is_empty() {
                if !blank_noted {
                    blank_noted = true;
                    let message = "a blank line stands inside of an instruction";
                    self.problem(ProblemKind::EmptyContinuation, line.span(), message);
                }
                self.at += 1;
                continue;
            }
            if !first && self.comment(trimmed, start) {
                self.at += 1;
                continue;
            }
            let (body, offset) =
                if first { (trimmed, start) } else { (line.text(self.text), line.start) };
            first = false;
            self.at += 1;
            let (body, continued) = lines::strip_continuation(body, self.escape);
            if joiner.len() + body.len() <= INSTRUCTION_LEN_MAX {
                joiner.push(body, Span::of(0..offset).end);
            } else if !cut {
                cut = true;
                self.problem(ProblemKind::Limit, line.span(), "the instruction is too long");
            }
            if !continued {
                break;
            }
        }
        joiner.trim_end();
        joiner.finish()
    }

    /// Reads the bodies of the heredocs that an instruction opens.
    fn bodies(&mut self, instruction: &mut Instruction, mut heredocs: Vec<Heredoc>) {
        for heredoc in &mut heredocs {
            let ends = self.ends.get_or_insert_with(|| Ends::new(self.text, &self.lines));
            let Some(end_index) = ends.find(heredoc, self.at) else {
                let message = format!("heredoc `{}` has no end", heredoc.delimiter.text);
                let span = heredoc.span;
                self.problem(ProblemKind::UnterminatedHeredoc, span, &message);
                continue;
            };
            let Some(end) = self.lines.get(end_index).copied() else {
                continue;
            };
            let body = self.lines.get(self.at..end_index).unwrap_or_default();
            heredoc::fill(heredoc, self.text, body, end);
            instruction.extent = instruction.extent.cover(heredoc.end_span);
            self.at = end_index + 1;
        }
        match &mut instruction.onbuild {
            Some(inner) => {
                inner.extent = inner.extent.cover(instruction.extent);
                inner.extent.start = inner.span.start;
                inner.heredocs = heredocs;
            }
            None => instruction.heredocs = heredocs,
        }
    }

    fn problem(&mut self, kind: ProblemKind, span: Span, message: &str) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem { kind, span, message: message.to_owned() });
        }
    }
}
