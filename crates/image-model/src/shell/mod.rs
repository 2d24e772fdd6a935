//! Shell text as a list of commands.
//!
//! A splitter for what `RUN`, `CMD` and scripts say, not a shell: it knows words, quotes, lists,
//! pipes, groups, redirections and substitutions of the POSIX shell (and the commoner ones of
//! bash), and flattens compound commands into the simple commands inside them. Every word keeps
//! its span in the file, also where the text was joined over line continuations. It never fails;
//! text that no shell would take is split as far as it makes sense.

mod skip;
mod split;

use std::ops::Range;

use careen_text::Span;

use crate::{Joined, Pair, Word};

/// Substitutions, and commands handed to a shell, are followed this deep.
pub(crate) const DEPTH_MAX: usize = 8;
/// Commands of one script; what follows is left out.
pub(crate) const COMMANDS_MAX: usize = 20_000;
/// Tokens of one script; what follows is left out.
pub(crate) const TOKENS_MAX: usize = 100_000;

/// A simple command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// `NAME=value` in front of the command, or alone.
    pub assignments: Vec<Pair>,
    /// The command and its arguments; empty for assignments or redirections alone.
    pub words: Vec<Word>,
    /// The redirections, wherever they stand.
    pub redirects: Vec<Redirect>,
    /// The commands of the substitutions in its words, and of the text it gives to `sh -c`.
    pub nested: Vec<Self>,
    /// What stands between the command before and this one.
    pub before: Separator,
    /// What stands between this command and the next.
    pub after: Separator,
    /// From the first to the last of assignments, words and redirections.
    pub span: Span,
    /// In how many `( … )` and `{ … }` it stands.
    pub group: usize,
}

/// What separates two commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Separator {
    /// The beginning or the end of the text, of a group or of a substitution.
    #[default]
    Edge,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|` or `|&`
    Pipe,
    /// `;`, also doubled in a `case`.
    Semicolon,
    /// `&`
    Background,
    /// A line break.
    Newline,
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The operator without the descriptor: `>`, `>>`, `<`, `<<`, `<<-`, `<<<`, `>&`, `&>`, ….
    pub operator: String,
    /// The descriptor number, where written.
    pub descriptor: Option<u32>,
    /// What follows: a file, a descriptor, a heredoc's delimiter, a string.
    pub target: Option<Word>,
    /// Descriptor, operator and target.
    pub span: Span,
}

impl Command {
    /// The command's name as written, such as `curl` or `/usr/bin/curl`.
    #[must_use]
    pub fn name(&self) -> Option<&Word> {
        self.words.first()
    }

    /// The last path component of the command's name.
    #[must_use]
    pub fn program(&self) -> &str {
        let name = self.name().map_or("", |word| word.text.as_str());
        name.rsplit('/').next().unwrap_or(name)
    }

    /// The words after the name.
    #[must_use]
    pub fn arguments(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Whether an argument is exactly `text`.
    #[must_use]
    pub fn has_argument(&self, text: &str) -> bool {
        self.arguments().iter().any(|word| word.text == text)
    }

    /// The first argument that is no option, such as `install` of `apt-get -y install`.
    #[must_use]
    pub fn subcommand(&self) -> Option<&Word> {
        self.arguments().iter().find(|word| !word.text.starts_with('-'))
    }

    /// This command and all nested ones, outer before inner.
    pub fn walk(&self) -> impl Iterator<Item = &Self> {
        walk(std::slice::from_ref(self))
    }
}

/// All commands of a list and their nested ones, outer before inner, in the order of the text.
pub fn walk(commands: &[Command]) -> impl Iterator<Item = &Command> {
    let mut open: Vec<std::slice::Iter<'_, Command>> = vec![commands.iter()];
    std::iter::from_fn(move || {
        loop {
            let Some(command) = open.last_mut()?.next() else {
                open.pop();
                continue;
            };
            open.push(command.nested.iter());
            return Some(command);
        }
    })
}

/// A word or an operator of a script as it is written, nothing taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands in the script's text.
    pub range: Range<usize>,
    /// Where it stands in the file.
    pub span: Span,
}

/// The kinds of [`Token`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word, reserved words included.
    Word,
    /// `;`, `&&`, `(`, `>`, … as one.
    Operator,
    /// A line break; of a heredoc, its body and end are passed over.
    Newline,
    /// From `#` to the end of the line.
    Comment,
}

/// A part of a word: text, an expansion, or a mark of quoting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Whether it stands between double quotes.
    pub quoted: bool,
    /// Where it stands in the script's text.
    pub range: Range<usize>,
    /// The outermost command substitutions in it, without their marks.
    pub inner: Vec<Range<usize>>,
    /// Whether the quote that it opens is closed.
    pub closed: bool,
}

/// The kinds of [`Piece`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PieceKind {
    /// Plain text.
    Text,
    /// A backslash and the character behind it.
    Escape,
    /// A double quote that opens or closes.
    Quote,
    /// Text in single quotes, with them.
    Single,
    /// `$'…'`
    Ansi,
    /// `$name`, `$1`, `$?`
    Variable,
    /// `${…}`
    Braced,
    /// `$(…)`
    Command,
    /// Text between backticks, with them.
    Backticks,
    /// `$((…))`
    Arithmetic,
    /// A dollar sign that starts nothing.
    Dollar,
}

/// The words and operators of a byte range of a script.
#[must_use]
pub fn tokens(script: &Joined, range: Range<usize>) -> Vec<Token> {
    split::tokens(script, range)
}

/// The parts of the word that stands at a byte range of a script, in order and without gaps.
#[must_use]
pub fn pieces(script: &Joined, word: Range<usize>) -> Vec<Piece> {
    split::pieces(script, word)
}

/// Splits a script into commands.
#[must_use]
pub fn commands(script: &Joined) -> Vec<Command> {
    split::split(script)
}

#[cfg(test)]
mod tests;
