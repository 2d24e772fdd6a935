//! Packages whose version is left open.

use careen_image_model::Word;
use careen_rule::Sink;

use crate::subject::{CommandSite, cut};

/// The packages of a call whose version is left open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open<'a> {
    /// The first of them as written.
    pub(crate) word: &'a Word,
    /// Its name without what else the word says.
    pub(crate) name: &'a str,
    /// How many more there are.
    pub(crate) others: usize,
}

impl<'a> Open<'a> {
    /// Looks at words one by one. `name` gives the name of a package whose version is open, and
    /// nothing for what is pinned, local or none; words with variables are not known and not asked
    /// about.
    pub(super) fn among(
        words: impl Iterator<Item = &'a Word>,
        name: impl Fn(&'a str) -> Option<&'a str>,
    ) -> Option<Self> {
        let known = words.filter(|word| word.literal && !word.text.contains('$'));
        let mut open = known.filter_map(|word| Some((word, name(&word.text)?)));
        let (word, name) = open.next()?;
        Some(Self { word, name, others: open.count() })
    }
}

/// Reports packages without a version; `what` is the call in short, such as `apt-get install`.
pub(crate) fn report_open(
    site: &CommandSite<'_>,
    what: &str,
    open: Option<Open<'_>>,
    out: &mut Sink<'_>,
) {
    let Some(open) = open else { return };
    let (what, name) = (cut(what), cut(open.name));
    let message = match open.others {
        0 => format!("`{what}` leaves the version of `{name}` open"),
        1 => format!("`{what}` leaves the versions of `{name}` and 1 other package open"),
        others => {
            format!("`{what}` leaves the versions of `{name}` and {others} other packages open")
        }
    };
    site.report(out, open.word.span, message).evidence(name);
}

/// Whether a name of a branch, a tag or a channel is one that moves with every release.
pub(super) fn moves(name: &str) -> bool {
    const MOVING: [&str; 14] = [
        "HEAD", "canary", "default", "dev", "develop", "edge", "head", "latest", "main", "master",
        "next", "nightly", "stable", "trunk",
    ];
    name.is_empty() || MOVING.contains(&name) || name.starts_with("refs/heads/")
}

/// Whether the address of an archive is that of a branch, as GitHub and GitLab give it.
pub(super) fn is_branch_archive(url: &str) -> bool {
    let path = url.split(['#', '?']).next().unwrap_or_default();
    if path.contains("/refs/heads/") {
        return true;
    }
    let archive = path.split_once("/archive/").or_else(|| path.split_once("/tarball/"));
    archive.is_some_and(|(_, name)| {
        let name = name.split('/').next_back().unwrap_or_default();
        let ends = [".tar.gz", ".zip", ".tgz", ".tar.bz2"];
        moves(ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name))
    })
}

/// The last part of the path of an address, without what may be secret in front of it.
pub(super) fn last_part(url: &str) -> &str {
    let path = url.split(['#', '?']).next().unwrap_or_default();
    let name = path.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
    let name = name.split('@').next().unwrap_or_default();
    name.strip_suffix(".git").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{is_branch_archive, last_part};

    #[test]
    fn addresses_are_shown_without_their_credentials() {
        for url in [
            "https://user:secret@example.com/a/b.git#main",
            "ssh://secret@example.com/a/b",
            "git@example.com:b.git",
            "https://example.com/a/b@main?token=secret",
        ] {
            assert_eq!(last_part(url), "b", "{url}");
        }
    }

    #[test]
    fn archives_of_branches_move() {
        for url in [
            "https://github.com/a/b/archive/master.zip",
            "https://github.com/a/b/archive/refs/heads/fix.tar.gz#egg=b",
            "https://gitlab.com/a/b/-/archive/main.tar.gz",
            "https://github.com/a/b/tarball/master",
        ] {
            assert!(is_branch_archive(url), "{url}");
        }
        for url in [
            "https://github.com/a/b/archive/v1.2.3.zip",
            "https://github.com/a/b/archive/refs/tags/v1.tar.gz",
            "https://example.com/main.zip",
        ] {
            assert!(!is_branch_archive(url), "{url}");
        }
    }
}
