//! What standard output can show: colours, links, characters, and how wide it is.

use std::io::IsTerminal;

use crate::args::When;
use crate::environment;

/// What is written to standard output, beside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) color: bool,
    pub(crate) hyperlinks: bool,
    pub(crate) unicode: bool,
    /// Columns; none where lines are for programs.
    pub(crate) width: Option<usize>,
}

/// Narrower and wider than this, text does not get.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=1_000;

/// The look that was asked for, or else the one that suits standard output.
pub(crate) fn look(color: When, hyperlinks: When) -> Look {
    let stdout = std::io::stdout();
    let capable = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    let size = terminal_size::terminal_size_of(&stdout);
    let terminal = Terminal {
        is_terminal: stdout.is_terminal(),
        capable,
        columns: size.map(|(width, _)| width.0.into()),
        windows: cfg!(windows),
    };
    terminal.look(color, hyperlinks, &|name| environment(name)?.into_string().ok())
}

/// What the system says of standard output.
#[derive(Clone, Copy)]
struct Terminal {
    is_terminal: bool,
    /// Whether colours are understood, by `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and `TERM`.
    capable: bool,
    columns: Option<usize>,
    windows: bool,
}

impl Terminal {
    fn look(self, color: When, hyperlinks: When, text: &dyn Fn(&str) -> Option<String>) -> Look {
        let set = |name: &str| text(name).filter(|value| !value.is_empty());
        let forced = set("FORCE_COLOR").is_some_and(|value| value != "0" && value != "false");
        let color = match color {
            When::Always => true,
            When::Never => false,
            When::Auto => self.capable || (forced && set("NO_COLOR").is_none()),
        };
        let term = set("TERM").unwrap_or_default();
        let is_simple = matches!(&*term, "dumb" | "linux");
        let hyperlinks = match hyperlinks {
            When::Always => true,
            When::Never => false,
            When::Auto => self.is_terminal && color && !is_simple,
        };
        let width = set("COLUMNS").and_then(|columns| columns.parse().ok()).or(self.columns);
        let width = width.filter(|&width: &usize| width > 0);
        Look {
            color,
            hyperlinks,
            unicode: self.is_terminal && !is_simple && self.has_unicode(&set),
            width: width.map(|width| width.clamp(*WIDTHS.start(), *WIDTHS.end())),
        }
    }

    /// Whether characters besides ASCII are shown as what they are: by the locale, as POSIX orders its
    /// variables. On Windows only newer terminals show them, and tell of themselves.
    fn has_unicode(self, set: &dyn Fn(&str) -> Option<String>) -> bool {
        if self.windows {
            return set("WT_SESSION").is_some() || set("TERM").is_some();
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    }
}

#[cfg(test)]
mod tests {
    use super::{Look, Terminal};
    use crate::args::When;

    const SCREEN: Terminal =
        Terminal { is_terminal: true, capable: true, columns: Some(132), windows: false };
    const PIPE: Terminal =
        Terminal { is_terminal: false, capable: false, columns: None, windows: false };

    fn look(terminal: Terminal, variables: &[(&str, &str)]) -> Look {
        terminal.look(When::Auto, When::Auto, &|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_terminal_shows_all_and_a_pipe_nothing() {
        let all = Look { color: true, hyperlinks: true, unicode: true, width: Some(132) };
        assert_eq!(look(SCREEN, &[("LANG", "de_DE.UTF-8")]), all);
        let nothing = Look { color: false, hyperlinks: false, unicode: false, width: None };
        assert_eq!(look(PIPE, &[("LANG", "de_DE.UTF-8")]), nothing);
    }

    #[test]
    fn variables_are_heeded() {
        assert!(look(PIPE, &[("FORCE_COLOR", "1")]).color);
        assert!(!look(PIPE, &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]).color);
        assert!(!look(PIPE, &[("FORCE_COLOR", "0")]).color);
        assert_eq!(look(SCREEN, &[("COLUMNS", "80")]).width, Some(80));
        assert_eq!(look(SCREEN, &[("COLUMNS", "x")]).width, Some(132));
        assert_eq!(look(PIPE, &[("COLUMNS", "7")]).width, Some(40));
        assert_eq!(look(PIPE, &[("COLUMNS", "0")]).width, None);
        let simple = look(SCREEN, &[("TERM", "linux"), ("LANG", "C.UTF-8")]);
        assert!(simple.color && !simple.hyperlinks && !simple.unicode);
    }

    #[test]
    fn characters_are_those_of_the_locale() {
        for (locale, expected) in [("C", false), ("", false), ("C.utf8", true), ("POSIX", false)] {
            assert_eq!(look(SCREEN, &[("LANG", locale)]).unicode, expected, "{locale}");
        }
        assert!(!look(SCREEN, &[("LC_ALL", "C"), ("LANG", "C.UTF-8")]).unicode);
        let windows = Terminal { windows: true, ..SCREEN };
        assert!(!look(windows, &[]).unicode);
        assert!(look(windows, &[("WT_SESSION", "1")]).unicode);
    }

    #[test]
    fn who_asks_gets() {
        let look = PIPE.look(When::Always, When::Always, &|_| None);
        assert!(look.color && look.hyperlinks && !look.unicode);
        let look = SCREEN.look(When::Never, When::Never, &|_| None);
        assert!(!look.color && !look.hyperlinks);
    }
}
