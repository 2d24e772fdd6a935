//! Text from files and people, fit for a terminal and for the log of a build server.
//!
//! Build servers read commands in what a program prints: GitHub where a line begins with `::`, GitHub
//! and Azure also where `##[` or `##vso[` stands anywhere in it. Whoever can name a file could
//! otherwise set variables of the job that lints it.

use std::borrow::Cow;

/// Text that stays on its line.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    defused(careen_text::sanitize_line(text))
}

/// Text that keeps its line breaks and tabs.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    defused(careen_text::sanitize(text))
}

/// A path that may stand at the beginning of a line. It still leads to the file.
pub(crate) fn path(path: &str) -> Cow<'_, str> {
    let path = line(path);
    if path.trim_start().starts_with("::") { Cow::Owned(format!("./{path}")) } else { path }
}

fn defused(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains("##") {
        let lower = text.to_ascii_lowercase();
        if lower.contains("##[") || lower.contains("##vso[") {
            return Cow::Owned(text.replace("##", "#\\u{23}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{line, path, text};

    #[test]
    fn commands_of_build_servers_lose_their_power() {
        assert_eq!(line("a ##vso[task.setvariable]"), "a #\\u{23}vso[task.setvariable]");
        assert_eq!(text("a\n##VSO[x] ###[y]"), "a\n#\\u{23}VSO[x] #\\u{23}#[y]");
        assert_eq!(path("::set-output name=a::b"), "./::set-output name=a::b");
        assert_eq!(path(" ::stop-commands::x"), "./ ::stop-commands::x");
    }

    #[test]
    fn plain_text_is_left_alone() {
        for plain in ["## Heading", "a::b", "std::fs", "# [link]", "schön 🚢"] {
            assert_eq!((line(plain), path(plain)), (plain.into(), plain.into()));
        }
    }
}
