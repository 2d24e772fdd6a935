//! What Git says of the state that is checked out: its commit, the release before it, what came since.

use std::path::Path;

use careen_text::sanitize_line;
use gix::bstr::{BStr, ByteSlice};

use crate::Error;
use crate::git::{Git, failure};
use crate::root;

/// Commits since a release that are looked at.
const MOST_COMMITS: usize = 20_000;
/// Tags that are looked at.
const MOST_TAGS: usize = 20_000;
/// Trees that two commits are compared by.
const MOST_TREES: usize = 100_000;

/// Where a repository stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The commit that is checked out, in full.
    pub commit: String,
    /// When it was committed, in Unix seconds.
    pub at: i64,
    /// The newest release among its ancestors, not itself: a tag whose name is a version.
    pub previous: Option<Release>,
    /// The name of a release that the commit itself has.
    pub own: Option<Release>,
    /// The commits since the previous release along the first parents, the newest first.
    pub since: Vec<Commit>,
    /// Whether there are more, or the history ends before the release is reached.
    pub cut: bool,
}

/// A release that Git knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The tag's name.
    pub name: String,
    /// The commit, in full.
    pub commit: String,
    /// When the tag was made, else the commit, in Unix seconds.
    pub at: i64,
    /// Whether the tag is an object of its own.
    pub annotated: bool,
}

/// A commit since the last release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id, in full.
    pub id: String,
    /// The first line of its message.
    pub summary: String,
    /// Whether it says that somebody else than its author reviewed it: a `Reviewed-by` or `Approved-by`
    /// trailer.
    pub reviewed: bool,
}

/// Where the repository around a folder stands; none outside of a repository and before the first commit.
///
/// # Errors
///
/// If the repository is damaged.
pub fn standing(folder: &Path) -> Result<Option<Standing>, Error> {
    let Some(repository) = open(folder)? else { return Ok(None) };
    let Ok(head) = repository.head_commit() else { return Ok(None) };
    let tags = releases(&repository);
    let mut standing = Standing {
        commit: head.id.to_string(),
        at: head.time().map(|time| time.seconds).unwrap_or_default(),
        ..Standing::default()
    };
    standing.own = newest(&tags, &standing.commit);
    let mut next = Some(head);
    while let Some(commit) = next {
        let id = commit.id.to_string();
        if id != standing.commit
            && let Some(release) = newest(&tags, &id)
        {
            standing.previous = Some(release);
            return Ok(Some(standing));
        }
        if standing.since.len() >= MOST_COMMITS {
            standing.cut = true;
            return Ok(Some(standing));
        }
        standing.since.push(told(&commit, id));
        let parent = commit.parent_ids().next().map(gix::Id::detach);
        next = match parent.map(|parent| repository.find_commit(parent)) {
            // A shallow clone ends before the history does.
            Some(Err(_)) => {
                standing.cut = true;
                None
            }
            Some(Ok(parent)) => Some(parent),
            None => None,
        };
    }
    Ok(Some(standing))
}

/// How many commits came since a revision, merged ones too, up to 20,000.
///
/// # Errors
///
/// If there is no repository, or the revision is unknown.
pub fn commits_since(folder: &Path, revision: &str) -> Result<usize, Error> {
    let unknown = || Error::UnknownRevision { revision: sanitize_line(revision).into_owned() };
    let repository = open(folder)?.ok_or_else(unknown)?;
    let since = repository.rev_parse_single(revision).map_err(|_| unknown())?;
    let since = since.object().and_then(|it| Ok(it.peel_to_commit()?.id)).map_err(|_| unknown())?;
    let head = repository.head_id().map_err(|_| unknown())?;
    let walk = repository.rev_walk([head.detach()]).with_hidden([since]).all();
    Ok(walk.map_err(|error| failure(&error))?.filter_map(Result::ok).take(MOST_COMMITS).count())
}

/// Whether two commits hold the same below a folder, but for the paths that `skip` names (relative to the
/// repository's root, folders with a final `/`). A commit that is not known is not the same.
///
/// # Errors
///
/// If there is no repository, or it is damaged.
pub fn same_content(
    folder: &Path,
    one: &str,
    other: &str,
    skip: &dyn Fn(&str) -> bool,
) -> Result<bool, Error> {
    let Some(repository) = open(folder)? else { return Ok(false) };
    let tree = |name: &str| {
        // What a record says is no revision but an id: `HEAD~1` would mean something else tomorrow.
        let is_id = name.len() >= 7 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let object = is_id.then(|| repository.rev_parse_single(name).ok()).flatten()?;
        object.object().ok()?.peel_to_tree().ok()
    };
    let (Some(one), Some(other)) = (tree(one), tree(other)) else { return Ok(false) };
    let prefix = prefix(&repository, folder);
    let mut left = MOST_TREES;
    Ok(same(&one, &other, "", &prefix, skip, &mut left))
}

fn open(folder: &Path) -> Result<Option<gix::Repository>, Error> {
    let Ok(folder) = folder.canonicalize() else { return Ok(None) };
    let Some(root) = root::repository_of(&folder) else { return Ok(None) };
    Ok(Some(Git::open(root, None)?.repository))
}

/// The folder below the root of the repository, with a final `/`; empty for the root.
fn prefix(repository: &gix::Repository, folder: &Path) -> String {
    let root = repository.workdir().and_then(|root| root.canonicalize().ok());
    let folder = folder.canonicalize().ok();
    let below = root.zip(folder).and_then(|(root, folder)| {
        let below = folder.strip_prefix(root).ok()?;
        Some(below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
    });
    match below {
        Some(below) if !below.is_empty() => below + "/",
        _ => String::new(),
    }
}

fn same(
    one: &gix::Tree<'_>,
    other: &gix::Tree<'_>,
    at: &str,
    prefix: &str,
    skip: &dyn Fn(&str) -> bool,
    left: &mut usize,
) -> bool {
    if one.id == other.id {
        return true;
    }
    if *left == 0 {
        return false;
    }
    *left -= 1;
    let (ours, theirs) = (listed(one), listed(other));
    let mut differs = |entry: &Listed, others: &[Listed]| {
        let path = format!("{at}{}{}", entry.name, if entry.is_tree { "/" } else { "" });
        let concerned = path.starts_with(prefix) || (entry.is_tree && prefix.starts_with(&path));
        if !concerned || skip(&path) {
            return false;
        }
        let Some(twin) = others.iter().find(|other| other.name == entry.name) else { return true };
        if twin == entry {
            return false;
        }
        let trees = (one.repo.find_tree(entry.id), one.repo.find_tree(twin.id));
        match trees {
            (Ok(ours), Ok(theirs)) if entry.is_tree && twin.is_tree => {
                !same(&ours, &theirs, &path, prefix, skip, left)
            }
            _ => true,
        }
    };
    let differ = ours.iter().any(|entry| differs(entry, &theirs))
        || theirs.iter().any(|entry| differs(entry, &ours));
    !differ
}

/// An entry of a tree.
#[derive(PartialEq, Eq)]
struct Listed {
    name: String,
    is_tree: bool,
    mode: u16,
    id: gix::ObjectId,
}

fn listed(tree: &gix::Tree<'_>) -> Vec<Listed> {
    let entries = tree.iter().filter_map(Result::ok).map(|entry| Listed {
        name: entry.filename().to_str_lossy().into_owned(),
        is_tree: entry.mode().is_tree(),
        mode: entry.mode().value(),
        id: entry.object_id(),
    });
    entries.collect()
}

/// Every tag whose name is a version, by commit.
fn releases(repository: &gix::Repository) -> Vec<Release> {
    let Ok(references) = repository.references() else { return Vec::new() };
    let Ok(tags) = references.tags() else { return Vec::new() };
    let tags = tags.filter_map(Result::ok).take(MOST_TAGS);
    tags.filter_map(|mut tag| {
        let name = tag.name().shorten().to_str_lossy().into_owned();
        if !is_version(&name) {
            return None;
        }
        let own = tag.target().try_id().map(ToOwned::to_owned)?;
        let annotation = repository.find_tag(own).ok();
        let tagged = annotation.as_ref().and_then(|tag| {
            let tagger = tag.tagger().ok().flatten()?;
            tagger.time().ok().map(|time| time.seconds)
        });
        let commit = tag.peel_to_id().ok()?.object().ok()?.try_into_commit().ok()?;
        let at = tagged.or_else(|| commit.time().ok().map(|time| time.seconds))?;
        Some(Release { name, commit: commit.id.to_string(), at, annotated: annotation.is_some() })
    })
    .collect()
}

fn newest(tags: &[Release], commit: &str) -> Option<Release> {
    let of_commit = tags.iter().filter(|tag| tag.commit == commit);
    of_commit.max_by(|a, b| (a.at, &a.name).cmp(&(b.at, &b.name))).cloned()
}

/// `v1.4.0`, `1.4`, `shop-1.4.0`, `release/2026.11`: ends in a version.
fn is_version(name: &str) -> bool {
    let start = name.rfind(['/', '@']).map_or(0, |at| at + 1);
    let last = &name[start..];
    let digits = last.find(|c: char| c.is_ascii_digit()).map(|at| &last[at..]);
    digits.is_some_and(|digits| {
        let mut parts = digits.split('.');
        let number = |part: Option<&str>| {
            part.is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()))
        };
        number(parts.next()) && number(parts.next())
    })
}

fn told(commit: &gix::Commit<'_>, id: String) -> Commit {
    let message = commit.message_raw_sloppy();
    let summary = message.lines().next().map(|line| line.to_str_lossy().into_owned());
    let author = commit.author().ok().map(|author| author.email.to_str_lossy().into_owned());
    let reviewed = message.lines().any(|line| reviews(line.as_bstr(), author.as_deref()));
    Commit { id, summary: summary.unwrap_or_default(), reviewed }
}

/// Whether a line is a trailer in which somebody else than the author says to have reviewed.
fn reviews(line: &BStr, author: Option<&str>) -> bool {
    let line = line.to_str_lossy();
    let Some((name, who)) = line.split_once(':') else { return false };
    let is_review = ["reviewed-by", "approved-by"].contains(&name.to_ascii_lowercase().as_str());
    let who = who.trim();
    let is_author = author.is_some_and(|author| {
        let author = author.to_ascii_lowercase();
        !author.is_empty() && who.to_ascii_lowercase().contains(&author)
    });
    is_review && who.contains('@') && !is_author
}

#[cfg(test)]
mod tests {
    use super::{is_version, reviews};

    #[test]
    fn tags_of_releases_end_in_a_version() {
        for name in ["v1.4.0", "1.4", "shop-1.4.0", "release/2026.11", "@scope/pkg@1.2.3"] {
            assert!(is_version(name), "{name}");
        }
        for name in ["nightly", "v1", "before-2026", "x.y"] {
            assert!(!is_version(name), "{name}");
        }
    }

    #[test]
    fn an_author_does_not_review() {
        let author = Some("ann@example.com");
        assert!(reviews("Reviewed-by: Ben <ben@example.com>".into(), author));
        assert!(!reviews("Reviewed-by: Ann <Ann@Example.com>".into(), author));
        assert!(!reviews("Reviewed-by: somebody".into(), author));
        assert!(!reviews("Signed-off-by: Ben <ben@example.com>".into(), author));
    }
}
