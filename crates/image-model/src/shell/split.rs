//! The splitter itself: one pass over the bytes of a script.

mod lexer;
mod tokens;

use std::ops::Range;

use careen_text::Span;

use super::{COMMANDS_MAX, Command, DEPTH_MAX, Redirect, Separator, skip};
use crate::{Joined, Pair, Word};
use lexer::{Lexed, Lexer};
pub(super) use tokens::{pieces, tokens};

/// Splits all of a script.
pub(super) fn split(script: &Joined) -> Vec<Command> {
    let mut budget = COMMANDS_MAX;
    split_range(script, 0..script.text().len(), 0, &mut budget)
}

/// Splits a byte range of a script. `budget` counts the commands that may still be made.
fn split_range(
    script: &Joined,
    range: Range<usize>,
    depth: usize,
    budget: &mut usize,
) -> Vec<Command> {
    let Some(text) = script.text().get(..range.end) else {
        return Vec::new();
    };
    let mut splitter = Splitter {
        lexer: Lexer { script, text, at: range.start },
        done: Vec::new(),
        current: Command::default(),
        contents: Vec::new(),
        inner: Vec::new(),
        before: Separator::Edge,
        groups: 0,
        cases: 0,
        heredocs: Vec::new(),
        depth,
        budget,
    };
    splitter.run();
    splitter.done
}

struct Splitter<'a> {
    lexer: Lexer<'a>,
    done: Vec<Command>,
    current: Command,
    /// Where the words of the current command stand in the script's text, without their quotes.
    contents: Vec<Range<usize>>,
    /// The substitutions in the current command.
    inner: Vec<Range<usize>>,
    before: Separator,
    groups: usize,
    cases: usize,
    /// Delimiters of the heredocs whose bodies start on the next line, and whether tabs in front
    /// of the delimiter count.
    heredocs: Vec<(String, bool)>,
    depth: usize,
    budget: &'a mut usize,
}

impl Splitter<'_> {
    fn run(&mut self) {
        while *self.budget > 0 {
            self.lexer.skip_blanks();
            let Some(byte) = self.lexer.peek(0) else {
                break;
            };
            match byte {
                b'#' => self.lexer.skip_comment(),
                b'\n' => {
                    self.lexer.at += 1;
                    self.flush(Separator::Newline);
                    self.skip_heredocs();
                }
                b';' => {
                    let doubled = matches!(self.lexer.peek(1), Some(b';' | b'&'));
                    while matches!(self.lexer.peek(0), Some(b';' | b'&')) {
                        self.lexer.at += 1;
                    }
                    self.flush(Separator::Semicolon);
                    if doubled && self.cases > 0 {
                        self.skip_pattern();
                    }
                }
                b'&' if self.lexer.peek(1) == Some(b'>') => self.redirect(None),
                b'&' => self.separate(b'&', Separator::And, Separator::Background),
                b'|' => {
                    self.separate(b'|', Separator::Or, Separator::Pipe);
                    if self.before == Separator::Pipe && self.lexer.peek(0) == Some(b'&') {
                        self.lexer.at += 1;
                    }
                }
                b'(' => self.open_parenthesis(),
                b')' => {
                    self.lexer.at += 1;
                    self.flush(Separator::Edge);
                    self.groups = self.groups.saturating_sub(1);
                }
                b'<' | b'>' if self.lexer.peek(1) != Some(b'(') => self.redirect(None),
                _ => self.word(),
            }
        }
        self.flush(Separator::Edge);
    }

    /// An operator of one byte or of two equal ones.
    fn separate(&mut self, byte: u8, doubled: Separator, single: Separator) {
        let separator = if self.lexer.peek(1) == Some(byte) {
            self.lexer.at += 2;
            doubled
        } else {
            self.lexer.at += 1;
            single
        };
        self.flush(separator);
    }

    fn open_parenthesis(&mut self) {
        let at_start = self.current.words.is_empty();
        if at_start && self.lexer.peek(1) == Some(b'(') {
            self.lexer.at = skip::parentheses(self.lexer.text.as_bytes(), self.lexer.at);
            return;
        }
        self.lexer.at += 1;
        if self.current.words.len() == 1 {
            let back = self.lexer.at;
            self.lexer.skip_blanks();
            if self.lexer.peek(0) == Some(b')') {
                // The name of a function that is defined here.
                self.lexer.at += 1;
                self.drop_current();
                return;
            }
            self.lexer.at = back;
        }
        self.flush(Separator::Edge);
        self.groups += 1;
    }

    fn word(&mut self) {
        let Lexed { word, range, content, equals } = self.lexer.word(&mut self.inner);
        let next_redirects = matches!(self.lexer.peek(0), Some(b'<' | b'>'));
        if next_redirects
            && !word.quoted
            && !range.is_empty()
            && word.text.bytes().all(|byte| byte.is_ascii_digit())
        {
            self.redirect(Some(&word));
            return;
        }
        if self.current.words.is_empty() {
            if !word.quoted && self.reserved(&word.text) {
                return;
            }
            if let Some(equals) = equals {
                let pair = self.lexer.assignment(&word, range, equals);
                self.current.assignments.push(pair);
                return;
            }
        }
        if self.current.words.len() == 2
            && !word.quoted
            && word.text == "in"
            && self.current.words.first().is_some_and(|first| first.text == "case")
        {
            self.current.words.push(word);
            self.contents.push(content);
            self.flush(Separator::Edge);
            self.cases += 1;
            self.skip_pattern();
            return;
        }
        if word.text == "{" && self.current.words.first().is_some_and(|w| w.text == "function") {
            self.drop_current();
            self.groups += 1;
            return;
        }
        self.current.words.push(word);
        self.contents.push(content);
    }

    /// Takes reserved words out of the place of a command.
    fn reserved(&mut self, text: &str) -> bool {
        match text {
            "if" | "then" | "else" | "elif" | "fi" | "while" | "until" | "do" | "done" | "!"
            | "time" => {}
            "{" => self.groups += 1,
            "}" => {
                self.flush(Separator::Edge);
                self.groups = self.groups.saturating_sub(1);
            }
            "esac" => self.cases = self.cases.saturating_sub(1),
            _ => return false,
        }
        true
    }

    /// Over the pattern of a `case` up to its parenthesis, or over its `esac`.
    fn skip_pattern(&mut self) {
        loop {
            self.lexer.skip_blanks();
            match self.lexer.peek(0) {
                Some(b'\n') => self.lexer.at += 1,
                Some(b'#') => self.lexer.skip_comment(),
                _ => break,
            }
        }
        let mut ignored = Vec::new();
        loop {
            self.lexer.skip_blanks();
            match self.lexer.peek(0) {
                None | Some(b'\n') => return,
                Some(b')') => {
                    self.lexer.at += 1;
                    return;
                }
                Some(b'|' | b'(' | b'&' | b';' | b'<' | b'>') => self.lexer.at += 1,
                Some(_) => {
                    if self.lexer.word(&mut ignored).word.text == "esac" {
                        self.cases = self.cases.saturating_sub(1);
                        return;
                    }
                }
            }
        }
    }

    fn redirect(&mut self, descriptor: Option<&Word>) {
        const OPERATORS: [&str; 12] =
            ["<<<", "<<-", "<<", "<&", "<>", "&>>", "&>", ">>", ">&", ">|", "<", ">"];
        let start = self.lexer.at;
        let rest = self.lexer.text.get(start..).unwrap_or_default();
        let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
        let operator = operator.copied().unwrap_or("<");
        self.lexer.at += operator.len();
        let mut span = self.lexer.script.span(start..self.lexer.at);
        if let Some(word) = descriptor {
            span = word.span.cover(span);
        }
        self.lexer.skip_blanks();
        let ends = matches!(self.lexer.peek(0), None | Some(b'\n' | b';' | b'&' | b'|' | b')'));
        let target = (!ends).then(|| self.lexer.word(&mut self.inner).word);
        if let Some(word) = &target {
            span = span.cover(word.span);
            if matches!(operator, "<<" | "<<-") {
                self.heredocs.push((word.text.clone(), operator == "<<-"));
            }
        }
        self.current.redirects.push(Redirect {
            operator: operator.to_owned(),
            descriptor: descriptor.and_then(|word| word.text.parse().ok()),
            target,
            span,
        });
    }

    /// Over the bodies of the heredocs that were opened on the line before.
    fn skip_heredocs(&mut self) {
        for (delimiter, tabs) in std::mem::take(&mut self.heredocs) {
            self.lexer.skip_heredoc(&delimiter, tabs);
        }
    }

    fn drop_current(&mut self) {
        self.current = Command::default();
        self.contents.clear();
        self.inner.clear();
    }

    /// Ends the current command at a separator.
    fn flush(&mut self, separator: Separator) {
        let mut command = std::mem::take(&mut self.current);
        let parts = command.assignments.iter().map(|pair| pair.span);
        let parts = parts.chain(command.words.iter().map(|word| word.span));
        let parts = parts.chain(command.redirects.iter().map(|redirect| redirect.span));
        let Some(span) = parts.reduce(Span::cover) else {
            // Nothing stood there: a line break after `&&`, a separator after a group.
            let weak = matches!(separator, Separator::Newline | Separator::Edge);
            if !weak {
                self.before = separator;
                if let Some(last) = self.done.last_mut()
                    && matches!(last.after, Separator::Edge | Separator::Newline)
                {
                    last.after = separator;
                }
            } else if self.before == Separator::Edge {
                self.before = separator;
            }
            self.inner.clear();
            self.contents.clear();
            return;
        };
        command.span = span;
        command.before = self.before;
        command.after = separator;
        command.group = self.groups;
        self.before = separator;
        *self.budget = self.budget.saturating_sub(1);
        let mut inner = std::mem::take(&mut self.inner);
        let contents = std::mem::take(&mut self.contents);
        if let Some(script) = Lexer::handed_to_shell(&command, &contents) {
            inner.retain(|range| range.start < script.start || script.end < range.end);
            inner.push(script);
        }
        if self.depth < DEPTH_MAX {
            for range in inner {
                let nested = split_range(self.lexer.script, range, self.depth + 1, self.budget);
                command.nested.extend(nested);
            }
        }
        self.done.push(command);
    }
}

/// The pair of an assignment whose `=` stands at `equals` in the text.
fn pair(key: Word, value: Word) -> Pair {
    let span = key.span.cover(value.span);
    Pair { key, value: Some(value), span }
}
