//! A script taken apart for the checks: words as they are written, simple commands, and what stands
//! between them.

use std::collections::HashMap;
use std::ops::Range;

use careen_image_model::Joined;
use careen_image_model::shell::{self, Piece, PieceKind, Token};
use careen_text::Span;

use super::reader::Reader;

/// How deep substitutions are followed.
const DEPTH_MAX: usize = 6;
/// Scripts that one script may hold, all levels together.
const SCRIPTS_MAX: usize = 2_000;

/// Which shell reads the script, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `bash`, `zsh`, `ksh`: arrays, `[[`, process substitution.
    Bash,
    /// `dash`, the `sh` of Debian and Ubuntu: what POSIX says.
    Dash,
    /// The `ash` of busybox: POSIX, with some of what bash added.
    Ash,
    /// `/bin/sh` of an unknown base.
    Unknown,
}

/// A word with its parts.
pub(crate) struct Part {
    /// Where it stands in the text.
    pub(crate) range: Range<usize>,
    /// Where it stands in the file.
    pub(crate) span: Span,
    /// Its parts.
    pub(crate) pieces: Vec<Piece>,
}

/// A simple command.
#[derive(Default)]
pub(crate) struct Simple {
    /// `NAME=value` in front.
    pub(crate) assignments: Vec<Part>,
    /// The command and its arguments.
    pub(crate) words: Vec<Part>,
    /// Whether it has a redirection.
    pub(crate) redirected: bool,
    /// Files that are read from or written to.
    pub(crate) targets: Vec<Part>,
    /// What stands in front: an operator, a reserved word, or nothing.
    pub(crate) before: String,
    /// The operator behind: `;`, `&&`, a line break; empty at the end.
    pub(crate) after: String,
    /// Whether its redirections give it a standard input.
    pub(crate) reads_file: bool,
}

/// A script, or the text of a substitution.
pub(crate) struct Script<'a> {
    /// The text with its way back to the file.
    pub(crate) joined: &'a Joined,
    /// Words, operators and comments as they stand there.
    pub(crate) tokens: Vec<Token>,
    /// The commands.
    pub(crate) commands: Vec<Simple>,
    /// Who reads it.
    pub(crate) dialect: Dialect,
    /// Whether it is a substitution of another script.
    pub(crate) is_inner: bool,
}

impl<'a> Script<'a> {
    /// All scripts of a text: itself first, then what is substituted in it.
    pub(crate) fn all(joined: &'a Joined, dialect: Dialect) -> Vec<Self> {
        let mut scripts = Vec::new();
        let mut open = vec![(0..joined.text().len(), 0)];
        while let Some((range, depth)) = open.pop() {
            if scripts.len() >= SCRIPTS_MAX {
                break;
            }
            let mut script = Self {
                joined,
                tokens: shell::tokens(joined, range),
                commands: Vec::new(),
                dialect,
                is_inner: depth > 0,
            };
            script.commands = Reader::new(&script).read();
            if depth < DEPTH_MAX {
                let words = script.commands.iter().flat_map(Simple::parts);
                let inner = words.flat_map(|word| &word.pieces).flat_map(|piece| &piece.inner);
                open.extend(inner.map(|range| (range.clone(), depth + 1)));
            }
            scripts.push(script);
        }
        scripts
    }

    /// The text of a token.
    pub(crate) fn text(&self, token: &Token) -> &'a str {
        self.slice(&token.range)
    }

    /// A word as it is written.
    pub(crate) fn raw(&self, part: &Part) -> &'a str {
        self.slice(&part.range)
    }

    /// A part of the text.
    pub(crate) fn slice(&self, range: &Range<usize>) -> &'a str {
        self.joined.text().get(range.clone()).unwrap_or_default()
    }

    /// Where a part of the text stands in the file.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        self.joined.span(range.clone())
    }

    /// The name of the command without its folder, where it is written plainly.
    pub(crate) fn program(&self, command: &Simple) -> &'a str {
        let name = command.words.first().map_or("", |word| self.raw(word));
        name.rsplit('/').next().unwrap_or(name)
    }

    /// Whether an argument is written exactly so.
    pub(crate) fn has(&self, command: &Simple, text: &str) -> bool {
        command.words.iter().skip(1).any(|word| self.raw(word) == text)
    }

    /// The names that are given a value anywhere in it, and whether each value is a plain word
    /// without wildcards.
    pub(crate) fn assigned(&self, names: &mut HashMap<&'a str, bool>) {
        let mut note = |name: &'a str, plain: bool| *names.entry(name).or_insert(true) &= plain;
        for command in &self.commands {
            for word in &command.assignments {
                let text = self.raw(word);
                if let Some(name) = name_of(text) {
                    note(name, word.is_plain() && !text.contains(['*', '?', '[']));
                }
            }
            let arguments = command.words.iter().skip(1).map(|word| self.raw(word));
            match self.program(command) {
                "for" | "select" => arguments.take(1).for_each(|name| note(name, false)),
                "read" | "export" | "readonly" | "local" | "declare" | "typeset" | "unset"
                | "getopts" | "mapfile" | "readarray" | "printf" | "let" => {
                    let bare = arguments.map(|word| word.split('=').next().unwrap_or(word));
                    bare.for_each(|name| note(name.trim_matches(['\'', '"']), false));
                }
                _ => {}
            }
        }
    }
}

impl Simple {
    /// All its words: assignments, arguments, files.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.assignments.iter().chain(&self.words).chain(&self.targets)
    }
}

impl Part {
    /// Whether no quote, escape or expansion is in it.
    pub(crate) fn is_plain(&self) -> bool {
        self.pieces.iter().all(|piece| piece.kind == PieceKind::Text)
    }
}

/// The name in front of the `=` of an assignment.
pub(crate) fn name_of(text: &str) -> Option<&str> {
    let (name, _) = text.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    is_name(name).then_some(name)
}

/// Whether a text is the name of a variable.
pub(crate) fn is_name(text: &str) -> bool {
    text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Words that the shell reserves where a command begins, those with words of their own left out.
pub(crate) const RESERVED: [&str; 13] =
    ["if", "then", "elif", "else", "fi", "while", "until", "do", "done", "{", "}", "!", "esac"];
