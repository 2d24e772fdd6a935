use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use careen_text::Position;

use crate::{Confidence, Meta, ObjectPath, Safety, Severity};

/// The program that made a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// `careen`.
    pub name: String,
    /// Semantic version.
    pub version: String,
}

/// A judged run: plain data, ordered, redacted. Writers need nothing else.
#[derive(Clone, Debug)]
pub struct Report {
    /// Who made it.
    pub tool: Tool,
    /// The moment everything was judged at, in Unix seconds.
    pub at: i64,
    /// Every rule there is, by id, whether it found something or not.
    pub rules: Vec<&'static Meta>,
    /// Findings in order of path, line, column, rule. Suppressed ones stand among them.
    pub findings: Vec<Judged>,
    /// What was skipped or could not be read, and other things to know, in order.
    pub notes: Vec<Note>,
    /// Counts for the summary line.
    pub summary: Summary,
}

impl Report {
    /// Whether everything that should be looked at was looked at.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.notes.iter().any(|note| note.incomplete)
    }

    /// Findings that count: not suppressed.
    pub fn active(&self) -> impl Iterator<Item = &Judged> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }

    /// How many findings are suppressed by what is not ours, by its name.
    #[must_use]
    pub fn suppressed_by(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        let suppressions = self.findings.iter().filter_map(|finding| finding.suppressed.as_ref());
        for source in suppressions.filter_map(|suppression| suppression.source.as_deref()) {
            *counts.entry(source).or_insert(0) += 1;
        }
        counts
    }
}

/// Counts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files read.
    pub files: usize,
    /// Bytes read.
    pub bytes: u64,
    /// Kubernetes objects looked at.
    pub objects: usize,
    /// Dockerfiles looked at.
    pub dockerfiles: usize,
    /// Built images looked at.
    pub images: usize,
    /// Certificates looked at.
    pub certificates: usize,
    /// Files passed over as binary.
    pub binary: usize,
    /// Templates that were not rendered.
    pub templates: usize,
    /// Commits whose files were searched: files are then versions of files. 0 if no history was.
    pub commits: usize,
}

/// First and last position of a span; `end` is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// First character.
    pub start: Position,
    /// One past the last character.
    pub end: Position,
}

/// Lines of a file as they may be shown: secrets masked, long lines cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// 1-based number of the first line.
    pub first_line: u32,
    /// The lines, joined by `\n`, without the last line break.
    pub text: String,
    /// Byte range of the finding inside `text`.
    pub start: usize,
    /// End of that range.
    pub end: usize,
}

/// A judged place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedRelated {
    /// Path as in [`Judged::path`].
    pub path: Arc<str>,
    /// Where.
    pub region: Region,
    /// What stands there.
    pub message: String,
    /// The lines.
    pub snippet: Snippet,
}

/// An edit in positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedEdit {
    /// What goes.
    pub region: Region,
    /// What comes.
    pub text: String,
}

/// A fix in positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedFix {
    /// What the edits do.
    pub title: String,
    /// Whether a person must look first.
    pub safety: Safety,
    /// The edits, in the finding's file.
    pub edits: Vec<JudgedEdit>,
}

/// Where a suppression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressionKind {
    /// A comment in the file.
    Comment,
    /// An annotation of the object.
    Annotation,
    /// The configuration.
    Configuration,
    /// The baseline of findings that were there before.
    Baseline,
    /// A file that accepts findings of another tool.
    Import,
}

impl SuppressionKind {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Annotation => "annotation",
            Self::Configuration => "configuration",
            Self::Baseline => "baseline",
            Self::Import => "import",
        }
    }
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Where the suppression stands.
    pub kind: SuppressionKind,
    /// The reason given, if any.
    pub reason: Option<String>,
    /// Who answers for it, if that is said.
    pub owner: Option<String>,
    /// What it is written in, where that is not ours: the file (`.secrets.baseline`), or the words
    /// of another tool (`gitleaks:allow`).
    pub source: Option<Arc<str>>,
}

/// Why a finding is milder than its rule has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// The severity it would have otherwise.
    pub from: Severity,
    /// What lowers it, as the end of a sentence: `it stands among tests`.
    pub because: &'static str,
}

/// Where in the history of a repository a finding stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The first commit that has it: its object id, in full, in hexadecimal digits.
    pub commit: String,
    /// Where that commit stands among those that were searched, the oldest first.
    pub order: u32,
    /// When it was committed, in Unix seconds.
    pub time: i64,
    /// Who wrote it, if that was asked for; not sanitised for a terminal.
    pub author: Option<String>,
    /// In how many versions of the file it stands.
    pub versions: usize,
    /// Whether what was found still stands in `HEAD`, in this file or in another.
    pub in_head: bool,
    /// The other file, if it stands in `HEAD` there only.
    pub head_path: Option<Arc<str>>,
}

/// A finding as every writer shows it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The rule.
    pub rule: &'static Meta,
    /// Severity after context and configuration.
    pub severity: Severity,
    /// Why the severity is lower than the check has it, if it is.
    pub lowered: Option<Lowered>,
    /// Confidence.
    pub confidence: Confidence,
    /// The message; not sanitised for a terminal.
    pub message: String,
    /// Path relative to the repository root (or the working directory), `/`-separated. Shared by
    /// all findings of the file.
    pub path: Arc<str>,
    /// Where.
    pub region: Region,
    /// The lines to show.
    pub snippet: Snippet,
    /// The object.
    pub object: Option<Box<ObjectPath>>,
    /// Other places.
    pub related: Vec<JudgedRelated>,
    /// A mending.
    pub fix: Option<JudgedFix>,
    /// Semantic fingerprint, unique within the report.
    pub fingerprint: String,
    /// GitHub's `primaryLocationLineHash` of the first line, if it was asked for.
    pub line_hash: Option<String>,
    /// Why it does not count, if it does not.
    pub suppressed: Option<Suppression>,
    /// Where in the history it stands, if a history was searched. Path, region and lines are then
    /// those of the first commit.
    pub history: Option<Box<History>>,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// A file or folder could not be read.
    Unreadable,
    /// A limit was reached and something was left out.
    Limit,
    /// Files passed over as binary.
    Binary,
    /// A template that was not rendered.
    Template,
    /// Text that does not parse.
    Syntax,
    /// A linter failed on a file.
    Failure,
    /// A suppression that is expired, unknown or malformed.
    Suppression,
    /// Anything else worth knowing.
    Information,
}

impl NoteKind {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Limit => "limit",
            Self::Binary => "binary",
            Self::Template => "template",
            Self::Syntax => "syntax",
            Self::Failure => "failure",
            Self::Suppression => "suppression",
            Self::Information => "information",
        }
    }
}

impl fmt::Display for NoteKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something a reader must know beside the findings: never silence about what was not looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The file, if there is one.
    pub path: Option<String>,
    /// The 1-based line, if there is one.
    pub line: Option<u32>,
    /// What it is about.
    pub kind: NoteKind,
    /// One sentence with the remedy.
    pub message: String,
    /// Whether the analysis is incomplete because of it, through us or unreadable input.
    pub incomplete: bool,
}

impl Note {
    /// A note about a file.
    #[must_use]
    pub fn about(kind: NoteKind, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            line: None,
            kind,
            message: message.into(),
            incomplete: false,
        }
    }

    /// A note about the run.
    #[must_use]
    pub fn general(kind: NoteKind, message: impl Into<String>) -> Self {
        Self { path: None, line: None, kind, message: message.into(), incomplete: false }
    }

    /// The same note with a line.
    #[must_use]
    pub fn at_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }

    /// The same note, saying that the analysis is incomplete.
    #[must_use]
    pub fn incomplete(mut self) -> Self {
        self.incomplete = true;
        self
    }
}
