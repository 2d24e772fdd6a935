//! Where relative links of a page lead.

use careen_model::Snapshot;

use crate::markdown::{Pages, is_markdown};
use crate::place::{folder_of, root};

/// Why a link leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dead {
    /// Nothing stands at this path.
    Path(String),
    /// The page at this path has no such heading; another may have been meant.
    Anchor { page: String, anchor: String, meant: Option<String> },
}

/// Looks along the links of pages.
pub(crate) struct Paths<'s> {
    snapshot: &'s Snapshot,
    pages: &'s Pages,
    root: &'s str,
}

/// Site generators make pages with these ends of files that are written with others, or with none.
const PAGES: [&str; 9] =
    [".md", ".mdx", ".markdown", ".rst", ".adoc", "/index.md", "/README.md", "/_index.md", ".html"];

impl<'s> Paths<'s> {
    /// None where only a part was looked at, so that nothing can be told.
    pub(crate) fn of(snapshot: &'s Snapshot, pages: &'s Pages) -> Option<Self> {
        Some(Self { snapshot, pages, root: root(snapshot)? })
    }

    /// Why the target of a link in the page at `from` leads nowhere, if it does. `is_site` says that the
    /// page may be served under another address than that of its file.
    pub(crate) fn dead(&self, from: &str, target: &str, is_site: bool) -> Option<Dead> {
        let target = target.trim();
        if is_foreign(target) {
            return None;
        }
        let (place, anchor) = target.split_once('#').unwrap_or((target, ""));
        let place = place.split('?').next().unwrap_or_default();
        let has_query = target.contains('?');
        let anchor = percent_decoded(anchor)?;
        if place.is_empty() {
            return if has_query { None } else { self.anchor(from, &anchor) };
        }
        let place = percent_decoded(place)?;
        if place.starts_with('/') && (is_site || !self.is_base()) {
            return None;
        }
        let path = self.resolved(from, &place)?;
        if !self.is_there(&path)? {
            let is_page = is_site && self.is_made(&path);
            return (!is_page).then_some(Dead::Path(path));
        }
        if anchor.is_empty() || has_query { None } else { self.anchor(&path, &anchor) }
    }

    /// Whether the root is where the paths begin, so that an absolute link is relative to it.
    fn is_base(&self) -> bool {
        self.root.is_empty() || self.root.starts_with('/')
    }

    /// The path of a target, without `.` and `..`; none where it leads out of the root.
    fn resolved(&self, from: &str, place: &str) -> Option<String> {
        let absolute = place.strip_prefix('/');
        let start = if absolute.is_some() { self.root } else { folder_of(from) };
        let mut parts: Vec<&str> =
            if start.is_empty() { Vec::new() } else { start.split('/').collect() };
        let top = if self.root.is_empty() { 0 } else { self.root.split('/').count() };
        for part in absolute.unwrap_or(place).split('/') {
            match part {
                "" | "." => {}
                ".." if parts.len() > top => {
                    parts.pop();
                }
                ".." => return None,
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }

    /// Whether something stands at a path; none if that is not known.
    fn is_there(&self, path: &str) -> Option<bool> {
        if path == self.root { Some(true) } else { self.snapshot.has_path(path) }
    }

    /// Whether a site generator makes a page of that address.
    fn is_made(&self, path: &str) -> bool {
        let stem = path.strip_suffix(".html").unwrap_or(path);
        PAGES.iter().any(|end| self.snapshot.has_path(&format!("{stem}{end}")) == Some(true))
    }

    fn anchor(&self, path: &str, anchor: &str) -> Option<Dead> {
        if !is_markdown(path) || !names_a_heading(anchor) {
            return None;
        }
        let page = self.pages.page(self.snapshot, path)?;
        if page.has_anchor(anchor, self.pages.on_github) {
            return None;
        }
        let meant = page.closest_anchor(anchor).map(str::to_owned);
        Some(Dead::Anchor { page: path.to_owned(), anchor: anchor.to_owned(), meant })
    }
}

/// Whether a target is no path in the repository: it has a scheme or a host, or is filled in later.
fn is_foreign(target: &str) -> bool {
    const LONGEST: usize = 1_000;
    let scheme = target.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    let templates = ["{{", "{%", "${", "$(", "<%", "%}", "{", "*"];
    target.is_empty()
        || target.len() > LONGEST
        || scheme
        || target.starts_with("//")
        || target.contains('\\')
        || templates.iter().any(|mark| target.contains(mark))
}

/// Whether an anchor is one of a heading: hosts have their own for lines, footnotes and the top.
fn names_a_heading(anchor: &str) -> bool {
    let is_line = anchor.strip_prefix('L').is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | 'L' | 'C'))
    });
    let own = ["top", "readme", "readme-ov-file"];
    let starts = ["fn", "user-content-fn", ":~:", "__", "/", "!"];
    !anchor.is_empty()
        && !is_line
        && !own.contains(&anchor)
        && !starts.iter().any(|start| anchor.starts_with(start))
        && !anchor.contains('=')
}

/// The text with `%20` and the like resolved; none where that is no text.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code.filter(|_| first == b'%') {
            Some(code) => {
                bytes.push(code);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use careen_model::{Snapshot, parse};
    use careen_text::Source;

    use super::{Dead, Paths, percent_decoded};
    use crate::markdown::Pages;

    fn dead(from: &str, target: &str, is_site: bool) -> Option<String> {
        let files = [
            ("README.md", "# Shop\n## Getting started\n"),
            ("docs/README.md", "# Docs\n"),
            ("docs/a b.md", "# A\n"),
            ("docs/guide.md", "# Guide\n"),
            ("src/main.rs", ""),
        ];
        let parsed = files.map(|(path, text)| parse(Source::new(path, text), path));
        let snapshot = Snapshot::new(parsed.into())
            .with_paths(files.iter().map(|(path, _)| (*path).into()).collect());
        let pages = Pages::of(&snapshot);
        let paths = Paths::of(&snapshot, &pages).unwrap();
        paths.dead(from, target, is_site).map(|dead| match dead {
            Dead::Path(path) => path,
            Dead::Anchor { page, anchor, meant } => {
                format!("{page}#{anchor} {}", meant.unwrap_or_default())
            }
        })
    }

    #[test]
    fn live_links_are_left_alone() {
        for (from, target) in [
            ("README.md", "docs/guide.md"),
            ("README.md", "./docs/guide.md#guide"),
            ("README.md", "docs/"),
            ("README.md", "docs/a%20b.md"),
            ("README.md", "/src/main.rs#L10-L20"),
            ("README.md", "#getting-started"),
            ("README.md", "#top"),
            ("README.md", "https://example.com/x"),
            ("README.md", "mailto:a@example.com"),
            ("README.md", "//cdn.example.com/x.png"),
            ("README.md", "{{ base }}/x.md"),
            ("README.md", "../../issues"),
            ("docs/README.md", "../README.md#shop"),
            ("docs/README.md", ".."),
            ("docs/README.md", "../../wiki"),
            ("README.md", "docs/guide.md?raw=true"),
            ("README.md", ""),
        ] {
            assert_eq!(dead(from, target, false), None, "{target}");
        }
        assert_eq!(dead("docs/README.md", "guide", true), None);
        assert_eq!(dead("docs/README.md", "guide.html", true), None);
        assert_eq!(dead("docs/README.md", "/any", true), None);
    }

    #[test]
    fn dead_links_are_told() {
        for (from, target, expected) in [
            ("README.md", "docs/gone.md", "docs/gone.md"),
            ("README.md", "/gone/", "gone"),
            ("README.md", "docs/guide", "docs/guide"),
            ("README.md", "Docs/guide.md", "Docs/guide.md"),
            ("README.md", "#geting-started", "README.md#geting-started getting-started"),
            ("README.md", "docs/guide.md#x", "docs/guide.md#x "),
            ("docs/README.md", "img/a.png", "docs/img/a.png"),
        ] {
            assert_eq!(dead(from, target, false).as_deref(), Some(expected), "{target}");
        }
    }

    #[test]
    fn percents_are_decoded() {
        assert_eq!(percent_decoded("a%20b%C3%BC").as_deref(), Some("a bü"));
        assert_eq!(percent_decoded("100%").as_deref(), Some("100%"));
        assert_eq!(percent_decoded("%ff"), None);
    }
}
