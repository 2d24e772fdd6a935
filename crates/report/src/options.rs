use std::fmt;
use std::str::FromStr;

use careen_rule::Severity;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// A line a finding, for people and editors: `path:line:column: …`.
    Concise,
    /// The versioned contract `careen/1`.
    Json,
    /// The findings of `careen/1`, one a line.
    Jsonl,
    /// SARIF 2.1.0 for code scanning.
    Sarif,
    /// Workflow commands that annotate a change on GitHub.
    Github,
    /// The Code Quality report of GitLab.
    Gitlab,
    /// JUnit XML, which every build server shows.
    Junit,
    /// Markdown for a step's summary or a comment.
    Markdown,
    /// One page for people, without network or script.
    Html,
    /// The Diagnostic Format of reviewdog.
    Rdjson,
    /// Logging commands that Azure Pipelines shows as issues.
    Azure,
    /// A line a finding, for programs that write code.
    Agent,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 13] = [
        Self::Text,
        Self::Concise,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Markdown,
        Self::Html,
        Self::Rdjson,
        Self::Azure,
        Self::Agent,
    ];

    /// The word users write.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Rdjson => "rdjson",
            Self::Azure => "azure",
            Self::Agent => "agent",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.as_str().eq_ignore_ascii_case(text)).ok_or_else(
            || {
                let known = Self::ALL.map(Self::as_str).join(", ");
                let near = careen_text::closest(text, Self::ALL.map(Self::as_str));
                let near =
                    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                format!("`{text}` is no format: use one of {known}{near}")
            },
        )
    }
}

/// What code scanning on GitHub tells two alerts apart by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fingerprints {
    /// The lines from the finding on, exactly as GitHub's own action hashes them.
    #[default]
    Github,
    /// The semantic fingerprint, under the key that GitHub reads.
    Semantic,
}

impl FromStr for Fingerprints {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "github" => Ok(Self::Github),
            "semantic" => Ok(Self::Semantic),
            _ => Err(format!("`{text}` is no kind of fingerprint: use github or semantic")),
        }
    }
}

/// What may differ between two writings of one report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Text: ANSI colours.
    pub color: bool,
    /// Text: box-drawing characters instead of ASCII.
    pub unicode: bool,
    /// Text: rule names link to their manual page (OSC 8).
    pub hyperlinks: bool,
    /// Shows suppressed findings too, marked as such.
    pub show_suppressed: bool,
    /// SARIF: the category of the upload. None leaves it to the host.
    pub sarif_category: Option<String>,
    /// SARIF: what GitHub tells two alerts apart by.
    pub sarif_fingerprints: Fingerprints,
    /// The severity from which findings fail a run: for the summary line and the exit code.
    pub fail_on: Severity,
    /// SARIF: findings do not fail the process, which the log tells beside its exit code.
    pub exit_zero: bool,
    /// Text: shows every finding with its lines, also where there are many of a kind.
    pub full: bool,
    /// Text: columns of the terminal, to wrap prose and cut lines of files. None leaves prose alone.
    pub width: Option<usize>,
    /// Markdown: the size of the report in bytes that the place it goes to takes.
    pub markdown_bytes: usize,
    /// Markdown: where the files can be looked at, such as
    /// `https://github.com/OWNER/NAME/blob/COMMIT`. None leaves places without links.
    pub source_url: Option<String>,
}

impl Options {
    /// What a comment on GitHub takes is 65,536 characters, which are never more than bytes.
    pub const COMMENT_BYTES: usize = 65_536;
    /// What the summary of a step on GitHub takes, all reports of the step together.
    pub const STEP_SUMMARY_BYTES: usize = 1 << 20;
}

/// Plain text, and every finding fails.
impl Default for Options {
    fn default() -> Self {
        Self {
            color: false,
            unicode: false,
            hyperlinks: false,
            show_suppressed: false,
            sarif_category: None,
            sarif_fingerprints: Fingerprints::default(),
            fail_on: Severity::Info,
            exit_zero: false,
            full: false,
            width: None,
            markdown_bytes: Self::COMMENT_BYTES,
            source_url: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn formats_have_names() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        let error = "xml".parse::<Format>().unwrap_err();
        assert!(error.starts_with("`xml` is no format: use one of text, concise, json"), "{error}");
        let error = "githb".parse::<Format>().unwrap_err();
        assert!(error.ends_with(", agent; did you mean `github`?"), "{error}");
    }
}
