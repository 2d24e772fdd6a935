//! Dockerfiles as a tree with spans.
//!
//! The reading is BuildKit's: parser directives, line continuations with comments and blank lines
//! in between, heredocs, the JSON form with its fall-back to the shell form, flags, build stages
//! and the global arguments in `FROM`. What BuildKit refuses becomes a [`Problem`], and reading
//! goes on at the next instruction.

mod arguments;
mod directive;
mod expand;
mod heredoc;
mod images;
mod instruction;
mod json;
mod lexer;
mod lines;
mod parser;
mod query;
mod stage;

use std::sync::Arc;

use careen_text::{Source, Span};

use crate::Word;

pub use expand::{Expansion, Variable, VariableSource};
pub use images::{ImageUse, ImageUseKind};
pub use instruction::{Arguments, Flag, Heredoc, Instruction, Keyword};
pub use parser::parse;
pub use query::User;
pub use stage::{BaseKind, Stage};

/// Instructions of one file; what follows is left out, with a problem.
pub const INSTRUCTIONS_MAX: usize = 10_000;
/// Bytes of one instruction without its heredocs; what follows is left out, with a problem.
pub const INSTRUCTION_LEN_MAX: usize = 1 << 20;
/// Words, flags or pairs of one instruction; what follows is left out.
pub const WORDS_MAX: usize = 16_384;
/// Problems of one file; what follows is left out.
pub const PROBLEMS_MAX: usize = 1_000;

/// A parsed Dockerfile.
#[derive(Clone, Debug)]
pub struct Dockerfile {
    /// All instructions in the order of the file.
    pub instructions: Vec<Instruction>,
    /// The build stages in the order of the file.
    pub stages: Vec<Stage>,
    /// What BuildKit would refuse or warn about while parsing.
    pub problems: Vec<Problem>,
    /// The comment lines, also those inside of instructions; parser directives are not among them.
    pub comments: Vec<Comment>,
    /// The parser directives at the top.
    pub directives: Vec<Directive>,
    /// The escape character: `\` or a backtick.
    pub escape: char,
    /// The file.
    pub source: Arc<Source>,
}

/// Something wrong with the syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of defect it is.
    pub kind: ProblemKind,
    /// The part at fault.
    pub span: Span,
    /// The defect in words: one sentence fragment.
    pub message: String,
}

/// The kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// The first word of a line is no instruction.
    UnknownInstruction,
    /// An instruction lacks arguments, or has too many.
    Arguments,
    /// A heredoc has no end.
    UnterminatedHeredoc,
    /// A parser directive is repeated or has a value that is not allowed.
    Directive,
    /// `ONBUILD` triggers an instruction that it may not.
    Onbuild,
    /// A blank line stands inside a continued instruction.
    EmptyContinuation,
    /// An instruction other than `ARG` stands in front of the first `FROM`.
    BeforeFrom,
    /// Two stages have the same name.
    DuplicateStage,
    /// The name of a stage is not allowed.
    StageName,
    /// There is no `FROM`.
    NoStage,
    /// A limit was hit; the rest was left out.
    Limit,
}

/// A comment line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the `#` to the end of the line.
    pub span: Span,
    /// The text after the `#`, white space around it taken away.
    pub text: String,
}

/// A parser directive, such as `# escape=` followed by a backtick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The name: `syntax`, `escape` or `check`, in any mix of cases.
    pub name: Word,
    /// The value.
    pub value: Word,
    /// From the `#` to the end of the value.
    pub span: Span,
}

#[cfg(test)]
mod tests;
