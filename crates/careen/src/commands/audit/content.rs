//! What the content of a folder is, by a digest that stays the same when something is said about it.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use careen_checklist::{Answer, parse, tick};
use careen_repo::{Options, Selection};
use careen_text::Source;
use rayon::prelude::*;

use super::evidence;
use super::folder::{Folder, OWN};
use super::settings::Settings;
use crate::digest::{digest, digest_of};
use crate::{config, files};

/// Bytes of a Markdown file in which boxes are looked for.
const MOST_MARKDOWN: u64 = 4 << 20;

/// What a sign-off or a record speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    /// The commit that is checked out, if no file differs from it.
    pub(crate) commit: Option<String>,
    /// The digest of everything.
    pub(crate) tree: String,
}

/// The content of a folder; `aside` are paths in it that are about to be recorded as evidence.
pub(crate) fn content(path: &Path, aside: &[String]) -> Result<Content> {
    let folder = Folder::open(path)?;
    let loaded = config::load(None, &[path.to_owned()])?;
    let mut set = Aside::configured(&folder, &Settings::evidence_of(&loaded))?;
    set.files.extend(aside.iter().map(|within| folder.shown(within)));
    let commit = match careen_repo::standing(path)? {
        Some(standing) if !is_dirty(&folder, &set)? => Some(standing.commit),
        _ => None,
    };
    Ok(Content { commit, tree: tree(&folder, &set)? })
}

/// What is said about the content, and so is no part of it: people's words, records, recorded and
/// configured evidence.
pub(super) struct Aside {
    files: BTreeSet<String>,
    folders: Vec<String>,
}

impl Aside {
    pub(super) fn of(folder: &Folder, settings: &Settings) -> Result<Self> {
        Self::configured(folder, &settings.configured)
    }

    fn configured(folder: &Folder, evidence: &[std::path::PathBuf]) -> Result<Self> {
        let mut files = BTreeSet::new();
        let mut folders = vec![folder.shown(&format!("{OWN}/"))];
        for path in evidence {
            let Some(shown) = folder.shown_of(path) else { continue };
            folders.push(format!("{shown}/"));
            files.insert(shown);
        }
        for within in evidence::recorded_paths(folder)? {
            files.insert(folder.shown(&within));
        }
        Ok(Self { files, folders })
    }

    /// Whether a path, of a folder with its final `/`, is no part of the content.
    pub(super) fn holds(&self, shown: &str) -> bool {
        self.files.contains(shown) || self.folders.iter().any(|it| shown.starts_with(&**it))
    }
}

/// The digest of all that is judged: of every path with the digest of its content, in order. Checklists
/// count as nobody has answered them.
pub(super) fn tree(folder: &Folder, aside: &Aside) -> Result<String> {
    let listing = &folder.listing;
    let kept: Vec<_> = listing.entries.iter().filter(|entry| !aside.holds(&entry.path)).collect();
    let lines: Vec<String> = kept
        .par_iter()
        .map(|entry| {
            let digest = digest_as_judged(&listing.base.join(&*entry.path))
                .with_context(|| format!("cannot read {}", entry.path))?;
            Ok(format!("{}\0{digest}\n", folder.within(&entry.path)))
        })
        .collect::<Result<_>>()?;
    Ok(format!("sha256:{}", digest_of(lines.concat().as_bytes())))
}

fn digest_as_judged(path: &Path) -> std::io::Result<String> {
    let is_markdown = path.extension().is_some_and(|it| it == "md" || it == "markdown");
    if is_markdown {
        let bytes = files::read_at_most(path, MOST_MARKDOWN)?;
        if let Ok(text) = std::str::from_utf8(&bytes)
            && bytes.len() as u64 <= MOST_MARKDOWN
            && (text.contains("[x]")
                || text.contains("[X]")
                || text.contains("<!-- careen:evidence"))
        {
            return Ok(digest_of(unanswered(text).as_bytes()));
        }
    }
    Ok(digest(path)?.0)
}

/// The text of a checklist as nobody has answered it.
pub(super) fn unanswered(text: &str) -> String {
    let checklist = parse(&Source::new("checklist.md", text));
    let blank = |line: u32| Answer { line, proven: false, evidence: Vec::new() };
    let answers: Vec<_> = checklist.items.iter().map(|item| blank(item.line)).collect();
    tick(&checklist, &answers)
}

/// Whether files differ from the commit, evidence and words of people aside.
pub(super) fn is_dirty(folder: &Folder, aside: &Aside) -> Result<bool> {
    let roots = vec![folder.path.clone()];
    let of = |selection: Selection| {
        careen_repo::discover(&Options { roots: roots.clone(), selection, ..Options::default() })
    };
    let changed = of(Selection::Changed("HEAD".to_owned()))?;
    if changed.entries.iter().any(|entry| !aside.holds(&entry.path) && !is_ticked(folder, entry)) {
        return Ok(true);
    }
    let committed = of(Selection::At("HEAD".to_owned()))?;
    let is_gone = |path: &str| !folder.listing.lists(path) && !aside.holds(path);
    Ok(committed.entries.iter().any(|entry| is_gone(&entry.path)))
}

/// Whether a changed file differs from what is committed by answers only.
fn is_ticked(folder: &Folder, entry: &careen_repo::Entry) -> bool {
    let is_markdown = entry.path.ends_with(".md") || entry.path.ends_with(".markdown");
    if !is_markdown {
        return false;
    }
    let options = Options {
        roots: vec![folder.path.clone()],
        selection: Selection::At("HEAD".to_owned()),
        ..Options::default()
    };
    let Ok(listing) = careen_repo::discover(&options) else { return false };
    let reader = careen_repo::open(&listing);
    let mut committed = Vec::new();
    let Some(then) = listing.entries.iter().find(|it| it.path == entry.path) else { return false };
    if reader.read(then, &mut committed) != careen_repo::Outcome::Text {
        return false;
    }
    let now = files::read_at_most(&folder.listing.base.join(&*entry.path), MOST_MARKDOWN);
    let texts = (String::from_utf8(committed), now.map(String::from_utf8));
    let (Ok(then), Ok(Ok(now))) = texts else { return false };
    unanswered(&then) == unanswered(&now)
}
