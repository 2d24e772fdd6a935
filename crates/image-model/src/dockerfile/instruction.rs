use careen_text::Span;

use crate::{Joined, Pair, Word};

/// The instructions of the Dockerfile language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is the instruction of that name")]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
    /// None of these.
    Unknown,
}

impl Keyword {
    const ALL: [(&'static str, Self); 18] = [
        ("ADD", Self::Add),
        ("ARG", Self::Arg),
        ("CMD", Self::Cmd),
        ("COPY", Self::Copy),
        ("ENTRYPOINT", Self::Entrypoint),
        ("ENV", Self::Env),
        ("EXPOSE", Self::Expose),
        ("FROM", Self::From),
        ("HEALTHCHECK", Self::Healthcheck),
        ("LABEL", Self::Label),
        ("MAINTAINER", Self::Maintainer),
        ("ONBUILD", Self::Onbuild),
        ("RUN", Self::Run),
        ("SHELL", Self::Shell),
        ("STOPSIGNAL", Self::Stopsignal),
        ("USER", Self::User),
        ("VOLUME", Self::Volume),
        ("WORKDIR", Self::Workdir),
    ];

    /// The keyword written in any mix of cases.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut all = Self::ALL.iter();
        all.find(|(name, _)| name.eq_ignore_ascii_case(text)).map_or(Self::Unknown, |(_, it)| *it)
    }

    /// The keyword in upper case; empty for [`Keyword::Unknown`].
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, keyword)| *keyword == self).map_or("", |(name, _)| *name)
    }
}

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Which instruction it is.
    pub keyword: Keyword,
    /// Where the keyword stands.
    pub keyword_span: Span,
    /// From the keyword to the end of the last argument, without heredoc bodies.
    pub span: Span,
    /// As `span`, with the bodies and ends of its heredocs.
    pub extent: Span,
    /// The flags between keyword and arguments, such as `--from=build`.
    pub flags: Vec<Flag>,
    /// `CMD` or `NONE` of a `HEALTHCHECK`; the arguments are those behind it.
    pub subcommand: Option<Word>,
    /// The arguments.
    pub arguments: Arguments,
    /// The heredocs, in the order of their bodies.
    pub heredocs: Vec<Heredoc>,
    /// What an `ONBUILD` triggers.
    pub onbuild: Option<Box<Self>>,
    /// Index of the stage it belongs to; absent in front of the first `FROM`.
    pub stage: Option<usize>,
}

/// The arguments of an instruction, in the form its keyword gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// There are none.
    None,
    /// Words: `FROM`, `COPY`, `ADD`, `EXPOSE`, `VOLUME`. `USER`, `WORKDIR`, `STOPSIGNAL` and
    /// `MAINTAINER` are one word, the whole line.
    Words(Vec<Word>),
    /// A JSON array of strings.
    Json(Vec<Word>),
    /// Names with values: `ENV`, `ARG`, `LABEL`.
    Pairs(Vec<Pair>),
    /// Text for a shell: `RUN`, `CMD`, `ENTRYPOINT`, `HEALTHCHECK CMD`.
    Shell(Joined),
}

/// A flag such as `--chown=app` or `--link`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The name without the dashes.
    pub name: String,
    /// The value behind the `=`.
    pub value: Option<Word>,
    /// The fields of a `--mount=` value: `type=bind`, `from=…`, `readonly`.
    pub fields: Vec<Pair>,
    /// The whole flag.
    pub span: Span,
}

impl Flag {
    /// The value of the field `key` of a `--mount=`.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Word> {
        self.fields.iter().find(|field| field.key.is_ignoring_case(key))?.value.as_ref()
    }
}

/// A heredoc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// The delimiter, quotes taken away.
    pub delimiter: Word,
    /// The file descriptor in front of `<<`.
    pub descriptor: Option<u32>,
    /// Whether `<<-` takes leading tabs away.
    pub strip_tabs: bool,
    /// Whether variables in the body are expanded: the delimiter is not quoted.
    pub expand: bool,
    /// From the descriptor or `<<` to the end of the delimiter.
    pub span: Span,
    /// The body, its last line break included.
    pub body: Joined,
    /// Where the body stands in the file.
    pub body_span: Span,
    /// The line that ends it; empty where there is none.
    pub end_span: Span,
}

impl Instruction {
    /// The flag of that name, the last one where it is repeated.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().rev().find(|flag| flag.name == name)
    }

    /// All flags of that name.
    pub fn flags<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Flag> {
        self.flags.iter().filter(move |flag| flag.name == name)
    }

    /// The words, of the plain and of the JSON form.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        match &self.arguments {
            Arguments::Words(words) | Arguments::Json(words) => words,
            Arguments::None | Arguments::Pairs(_) | Arguments::Shell(_) => &[],
        }
    }

    /// The pairs of `ENV`, `ARG` and `LABEL`.
    #[must_use]
    pub fn pairs(&self) -> &[Pair] {
        if let Arguments::Pairs(pairs) = &self.arguments { pairs } else { &[] }
    }

    /// The text for a shell, where there is any.
    #[must_use]
    pub const fn shell(&self) -> Option<&Joined> {
        if let Arguments::Shell(text) = &self.arguments { Some(text) } else { None }
    }

    /// Whether the arguments are in JSON form.
    #[must_use]
    pub const fn is_json(&self) -> bool {
        matches!(self.arguments, Arguments::Json(_))
    }

    /// The instruction that takes effect: what an `ONBUILD` triggers, else itself.
    #[must_use]
    pub fn effective(&self) -> &Self {
        self.onbuild.as_deref().unwrap_or(self)
    }
}
