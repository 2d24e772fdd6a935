//! CODEOWNERS files, read as GitHub reads them.

mod pattern;

use careen_model::{Document, File, Snapshot};
use careen_text::{Source, Span};

use crate::place::{folder_of, name_of, root};

pub(crate) use pattern::{Pattern, Unsupported};

/// A line with a pattern.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'t> {
    pub(crate) pattern: &'t str,
    pub(crate) pattern_span: Span,
    /// Where the owners stand.
    owners: &'t str,
    owners_start: usize,
}

impl<'t> Line<'t> {
    /// The owners with their places.
    pub(crate) fn owners(&self) -> impl Iterator<Item = (&'t str, Span)> + use<'t> {
        let (text, start) = (self.owners, self.owners_start);
        text.split_ascii_whitespace().map(move |owner| {
            let at = start + (owner.as_ptr() as usize - text.as_ptr() as usize);
            (owner, Span::of(at..at + owner.len()))
        })
    }
}

/// The most lines that are read.
const MOST: usize = 50_000;

/// The lines with patterns; none of a file with sections, which is one of GitLab.
pub(crate) fn lines(source: &Source) -> Vec<Line<'_>> {
    let mut at = 0;
    let mut found = Vec::new();
    for raw in source.text().split_inclusive('\n').take(MOST) {
        let start = at;
        at += raw.len();
        let bare = raw.trim_start_matches('\u{feff}');
        let line = bare.trim_start();
        let start = start + raw.len() - line.len();
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if is_section(line) {
            return Vec::new();
        }
        let length = pattern_length(line);
        let (pattern, rest) = line.split_at(length);
        let end = comment_start(rest);
        found.push(Line {
            pattern,
            pattern_span: Span::of(start..start + length),
            owners: rest.get(..end).unwrap_or_default(),
            owners_start: start + length,
        });
    }
    found
}

/// A comment may follow the owners.
fn comment_start(rest: &str) -> usize {
    let begins = |(at, _): &(usize, &str)| {
        rest.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
    };
    rest.match_indices('#').find(begins).map_or(rest.len(), |(at, _)| at)
}

/// A blank belongs to the pattern where a backslash stands before it.
fn pattern_length(line: &str) -> usize {
    let mut escaped = false;
    for (at, character) in line.char_indices() {
        if character.is_ascii_whitespace() && !escaped {
            return at;
        }
        escaped = character == '\\' && !escaped;
    }
    line.len()
}

/// `[Database]`, `^[Docs][2] @team`.
fn is_section(line: &str) -> bool {
    let body = line.strip_prefix('^').unwrap_or(line);
    let Some((name, rest)) = body.strip_prefix('[').and_then(|body| body.split_once(']')) else {
        return false;
    };
    let rest =
        rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(rest, |(_, rest)| rest);
    !name.is_empty() && (rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// Whether GitHub takes this for an owner: `@user`, `@organisation/team`, an address.
pub(crate) fn is_owner(text: &str) -> bool {
    let is_login = |text: &str| {
        !text.is_empty()
            && text.len() <= 100
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    let is_team = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    match text.strip_prefix('@') {
        Some(name) => match name.split_once('/') {
            Some((organisation, team)) => is_login(organisation) && is_team(team),
            None => is_login(name),
        },
        None => text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@') && !host.ends_with('.')
        }),
    }
}

/// The files of owners that GitHub looks for, in the order in which it does: it reads the first.
pub(crate) fn code_owners(snapshot: &Snapshot) -> Vec<&File> {
    let root = root(snapshot).unwrap_or_default();
    let place = |file: &File| {
        let path = file.source.path();
        let below = if root.is_empty() {
            folder_of(path)
        } else {
            let below = folder_of(path).strip_prefix(root)?;
            below.strip_prefix('/').unwrap_or(below)
        };
        [".github", "", "docs"].iter().position(|each| *each == below)
    };
    let is_one = |file: &&File| {
        file.document == Some(Document::Owners) && name_of(file.source.path()) == "CODEOWNERS"
    };
    let mut found: Vec<(usize, &File)> = snapshot
        .files()
        .iter()
        .filter(is_one)
        .filter_map(|file| Some((place(file)?, file)))
        .collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, file)| file).collect()
}

#[cfg(test)]
mod tests {
    use careen_text::Source;

    use super::{is_owner, lines};

    #[test]
    fn lines_are_taken_apart() {
        let text = "\u{feff}# all\r\n*  @a  b@example.com # why\r\n\r\n/a\\ b/ @o/t\n/empty/\n";
        let source = Source::new("CODEOWNERS", text);
        let found: Vec<_> = lines(&source)
            .iter()
            .map(|line| {
                assert_eq!(source.slice(line.pattern_span), line.pattern);
                let owners: Vec<_> = line
                    .owners()
                    .map(|(owner, span)| {
                        assert_eq!(source.slice(span), owner);
                        owner
                    })
                    .collect();
                (line.pattern, owners)
            })
            .collect();
        let expected =
            [("*", vec!["@a", "b@example.com"]), ("/a\\ b/", vec!["@o/t"]), ("/empty/", vec![])];
        assert_eq!(found, expected);
    }

    #[test]
    fn files_of_another_host_are_left_alone() {
        for text in ["[Docs]\n*.md @a\n", "^[Database][2] @dba\n", "[A b] @x\n"] {
            assert!(lines(&Source::new("CODEOWNERS", text)).is_empty(), "{text}");
        }
        assert_eq!(lines(&Source::new("CODEOWNERS", "[ab].txt @x\n")).len(), 1);
    }

    #[test]
    fn owners_have_forms() {
        for owner in ["@a", "@a-b", "@org/team.x", "a@example.com", "@some_corp"] {
            assert!(is_owner(owner), "{owner}");
        }
        for text in ["a", "@", "@a/", "@/b", "@a/b/c", "a@b", "@ü", "a@b@c.d", ""] {
            assert!(!is_owner(text), "{text}");
        }
    }
}
