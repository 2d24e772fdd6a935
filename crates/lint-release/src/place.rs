//! Where findings belong that are about the whole: its root, and the file that says most about it.

use std::sync::Arc;

use careen_model::{Document, File, PathClass, Snapshot};
use careen_text::{Source, Span};

/// The folder that holds all files, without a slash at its end; empty for the base of all paths. None
/// where nothing was looked at, or a part only.
pub(crate) fn root(snapshot: &Snapshot) -> Option<&str> {
    let paths = snapshot.paths()?;
    let (first, last) = (paths.first()?, paths.last()?);
    let same = first.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
    let end = first.get(..same).unwrap_or_default().rfind('/');
    let whole = first == last;
    let end = if whole { first.rfind('/') } else { end };
    first.get(..end.unwrap_or(0))
}

/// The folder of a path; empty at the base.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name of a path without its folder.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The README at the root.
pub(crate) fn readme(snapshot: &Snapshot) -> Option<&File> {
    let root = root(snapshot)?;
    snapshot.files().iter().find(|file| {
        file.document == Some(Document::Readme) && folder_of(file.source.path()) == root
    })
}

/// Where to tell what the whole lacks: the first line of the README, else of the first artifact. None
/// where nothing was looked at, or a part only.
pub(crate) fn home(snapshot: &Snapshot) -> Option<(&Arc<Source>, Span)> {
    let paths = snapshot.paths()?;
    let is_listed = |file: &&File| {
        let path = file.source.path();
        paths.binary_search_by(|each| (**each).cmp(path)).is_ok()
    };
    let mut artifacts = snapshot.files().iter().filter(is_listed);
    let file = readme(snapshot).or_else(|| {
        let first = artifacts.next()?;
        let is_ours = |file: &&File| file.class == PathClass::Production;
        Some(std::iter::once(first).chain(artifacts).find(is_ours).unwrap_or(first))
    })?;
    Some((&file.source, first_line(&file.source)))
}

/// The first line that is not blank, without the blanks around it.
pub(crate) fn first_line(source: &Source) -> Span {
    let text = source.text();
    let body = text.trim_start_matches('\u{feff}').trim_start();
    let start = text.len() - body.len();
    let line = body.lines().next().unwrap_or_default().trim_end();
    Span::of(start..start + line.len())
}

/// Whether the file is the project's own and meant for people who run it: no test, nobody else's code.
pub(crate) fn is_ours(file: &File) -> bool {
    !matches!(file.class, PathClass::Test | PathClass::Vendored | PathClass::Generated)
}

/// The start of a text of the file, short enough for a message.
pub(crate) fn cut(text: &str) -> &str {
    const LONGEST: usize = 120;
    text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text)
}

/// How deep a file lies.
pub(crate) fn depth(path: &str) -> usize {
    path.matches('/').count()
}

#[cfg(test)]
mod tests {
    use careen_model::{Snapshot, parse};
    use careen_text::Source;

    use super::{first_line, home, root};

    fn snapshot(paths: &[&'static str]) -> Snapshot {
        let files = paths.iter().map(|path| parse(Source::new(*path, "# a\n"), path)).collect();
        let mut sorted: Vec<std::sync::Arc<str>> = paths.iter().map(|&path| path.into()).collect();
        sorted.sort();
        Snapshot::new(files).with_paths(sorted)
    }

    #[test]
    fn the_root_is_what_all_paths_share() {
        for (paths, expected) in [
            (&["a/b.md", "a/c.md"][..], Some("a")),
            (&["a/b.md", "ab/c.md"], Some("")),
            (&["a/b/c.md"], Some("a/b")),
            (&["README.md"], Some("")),
            (&["a/b/c.md", "a/b-c.md"], Some("a")),
            (&[], None),
        ] {
            assert_eq!(root(&snapshot(paths)), expected, "{paths:?}");
        }
        assert_eq!(root(&Snapshot::new(Vec::new())), None);
    }

    #[test]
    fn what_is_missing_is_told_at_the_readme() {
        let found = |paths: &[&'static str]| {
            home(&snapshot(paths)).map(|(source, _)| source.path().to_owned())
        };
        assert_eq!(found(&["a.md", "README.md"]).as_deref(), Some("README.md"));
        assert_eq!(found(&["tests/a.md", "x.md"]).as_deref(), Some("x.md"));
        assert_eq!(found(&[]), None);
    }

    #[test]
    fn first_lines_are_exact() {
        let source = Source::new("a", "\u{feff}\r\n# Grüße \r\nb");
        assert_eq!(source.slice(first_line(&source)), "# Grüße");
    }
}
