use std::fmt;
use std::str::FromStr;

use careen_rule::Severity;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// The versioned contract `careen/1`.
    Json,
    /// SARIF 2.1.0 for code scanning.
    Sarif,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Sarif];

    /// The word users write.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
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
        Self::ALL
            .into_iter()
            .find(|format| format.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("`{text}` is no format: use text, json or sarif"))
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
    /// The severity from which findings fail a run: for the summary line and the exit code.
    pub fail_on: Severity,
    /// Text: shows every finding with its lines, also where there are many of a kind.
    pub full: bool,
    /// Text: columns of the terminal. None is 140.
    pub width: Option<usize>,
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
            fail_on: Severity::Info,
            full: false,
            width: None,
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
        assert_eq!(
            "xml".parse::<Format>().unwrap_err(),
            "`xml` is no format: use text, json or sarif"
        );
    }
}
