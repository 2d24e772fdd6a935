//! The state of the repository, as far as it matters here.

use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{line, yes};

/// Hooks that Careen may run in.
const HOOKS: [&str; 3] = ["pre-commit", "pre-push", "commit-msg"];
/// Configurations of programs that run hooks.
const CONFIGURATIONS: [&str; 5] =
    [".pre-commit-config.yaml", "prek.toml", "lefthook.yml", "lefthook.yaml", ".husky/pre-commit"];
/// Bytes of a file that are looked at.
const MOST_BYTES: u64 = 256 << 10;

pub(super) fn write(out: &mut String, base: &Path) {
    line!(out, "\n**Git**\n");
    let Some((folder, linked)) = folder(base) else {
        line!(out, "- no repository");
        return configurations(out, base);
    };
    line!(out, "- a repository{}", if linked { ", as a worktree or submodule" } else { "" });
    let common = common(&folder);
    let exists = |name: &str| common.join(name).symlink_metadata().is_ok();
    line!(out, "- shallow: {}", yes(exists("shallow")));
    line!(out, "- packed references: {}", yes(exists("packed-refs")));
    line!(out, "- borrows objects: {}", yes(exists("objects/info/alternates")));
    let config = text(&common.join("config"));
    let mentions = |words: &str| config.to_ascii_lowercase().contains(words);
    line!(out, "- hooks in another folder: {}", yes(mentions("hookspath")));
    line!(out, "- partial clone: {}", yes(mentions("partialclone")));
    line!(out, "- object format: {}", if mentions("sha256") { "sha256" } else { "sha1" });
    for hook in HOOKS {
        let path = common.join("hooks").join(hook);
        if path.is_file() {
            line!(out, "- hook `{hook}`: installed, mentions careen: {}", careen(&path));
        }
    }
    configurations(out, base);
}

fn configurations(out: &mut String, base: &Path) {
    for name in CONFIGURATIONS {
        let path = base.join(name);
        if path.is_file() {
            line!(out, "- `{name}`: mentions careen: {}", careen(&path));
        }
    }
}

fn careen(path: &Path) -> &'static str {
    yes(text(path).contains("careen"))
}

/// The folder that Git keeps, and whether `.git` is a file that leads there.
fn folder(base: &Path) -> Option<(PathBuf, bool)> {
    let path = base.join(".git");
    if path.is_dir() {
        return Some((path, false));
    }
    let text = text(&path);
    let target = text.strip_prefix("gitdir:")?.trim();
    Some((base.join(target), true))
}

/// What worktrees share.
fn common(folder: &Path) -> PathBuf {
    match text(&folder.join("commondir")).trim() {
        "" => folder.to_path_buf(),
        shared => folder.join(shared),
    }
}

/// What a file begins with, if it is one.
fn text(path: &Path) -> String {
    let mut bytes = Vec::new();
    let is_file = path.metadata().is_ok_and(|it| it.is_file());
    let file = is_file.then(|| File::open(path).ok()).flatten();
    // What cannot be read says nothing.
    let read = file.map(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
    if read.is_some_and(|read| read.is_ok()) {
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        String::new()
    }
}
