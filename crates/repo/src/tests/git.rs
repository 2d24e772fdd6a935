use std::fs;

use careen_rule::NoteKind;

use super::{Folder, content, notes, paths};
use crate::discover::discover_in;
use crate::{Error, Limits, Options, Outcome, Selection, open};

const STAGED: &[&str] =
    &["diff", "--cached", "--name-only", "--no-renames", "--diff-filter=AM", "-z"];
const UNTRACKED: &[&str] = &["ls-files", "--others", "--exclude-standard", "-z"];

fn since(revision: &str) -> Vec<&str> {
    vec!["diff", "--name-only", "--no-renames", "--diff-filter=AMT", "-z", revision]
}

/// A history with every kind of change in it; `first` is a tag on its first commit.
fn history() -> Option<Folder> {
    let folder = Folder::repository()?;
    folder.write(".gitignore", "*.log\nignored/\n").write("same", "same").write("changed", "1");
    folder
        .write("deleted", "1")
        .write("dir/same", "")
        .write("dir/changed", "1")
        .write("dir.a", "1");
    folder
        .write("dir/deep/er/same", "")
        .write("moved", "a text of its own\n")
        .write("dir-z/x", "1");
    folder
        .write("file-to-dir", "1")
        .write("dir-to-file/x", "1")
        .write("reverted", "1")
        .write("names/ä ö\n", "1");
    folder.write("unstaged", "1").write("touched", "1");
    folder.commit();
    folder.git(&["tag", "first"]);
    folder.write("dir/second", "2").write("reverted", "2").write("forced.log", "1");
    folder.git(&["add", "--force", "forced.log"]);
    folder.commit();

    folder
        .write("changed", "2")
        .write("dir/changed", "2")
        .write("added/new", "")
        .write("names/ä ö\n", "2");
    folder.write("reverted", "1");
    fs::remove_file(folder.path.join("deleted")).unwrap();
    fs::remove_file(folder.path.join("file-to-dir")).unwrap();
    folder.write("file-to-dir/x", "1");
    fs::remove_dir_all(folder.path.join("dir-to-file")).unwrap();
    folder.write("dir-to-file", "1");
    fs::rename(folder.path.join("moved"), folder.path.join("dir/moved")).unwrap();
    folder.git(&["add", "--all"]);
    folder
        .write("unstaged", "2")
        .write("touched", "1")
        .write("untracked/x", "")
        .write("ignored/x", "");
    folder.write("later", "").git(&["add", "--intent-to-add", "later"]);
    Some(folder)
}

#[test]
fn staged_files_are_those_that_git_names() {
    let Some(folder) = history() else { return };
    let listing = folder.staged();
    assert_eq!(paths(&listing), folder.oracle(&[STAGED]));
    assert_eq!(paths(&listing).len(), 8);
    assert!(notes(&listing).is_empty());
}

#[test]
fn staged_content_comes_from_the_index() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("a", "staged").write("b", "staged too").write("empty", "").git(&["add", "--all"]);
    folder.write("a", "not staged");
    fs::remove_file(folder.path.join("b")).unwrap();
    // Before the first commit everything in the index is staged.
    let listing = folder.staged();
    assert_eq!(paths(&listing), ["a", "b", "empty"]);
    assert_eq!(content(&listing, "a"), b"staged");
    assert_eq!(content(&listing, "b"), b"staged too");
    assert_eq!(content(&listing, "empty"), b"");
    let listing = folder.select(Selection::Staged, &["b"]);
    assert_eq!(paths(&listing), ["b"]);
    assert!(listing.entries[0].explicit);
    let options =
        Options { selection: Selection::Staged, roots: vec!["c".into()], ..Options::default() };
    assert!(matches!(folder.try_list(&options), Err(Error::NoSuchRoot { .. })));
}

#[test]
fn staged_content_has_limits() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("binary", [0; 50]).write("large", [b'x'; 101]).git(&["add", "--all"]);
    let limits = Limits { max_file_bytes: 100, ..Limits::default() };
    let listing =
        folder.list(&Options { selection: Selection::Staged, limits, ..Options::default() });
    let reader = open(&listing);
    let mut buffer = Vec::new();
    assert_eq!(reader.read(&listing.entries[0], &mut buffer), Outcome::Binary);
    let Outcome::Skipped(note) = reader.read(&listing.entries[1], &mut buffer) else { panic!() };
    assert_eq!(note.kind, NoteKind::Limit);
}

#[test]
fn staged_respects_roots_and_careenignore() {
    let Some(folder) = Folder::repository() else { return };
    folder
        .write("a/b/c", "")
        .write("a/d", "")
        .write("ab", "")
        .write("e", "")
        .write("a/b/skip/x", "");
    folder.write(".careenignore", "skip/\ne\n").git(&["add", "--all"]);
    let within = |roots: &[&str]| {
        let listing = folder.select(Selection::Staged, roots);
        listing.entries.iter().map(|entry| entry.within().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(within(&[]), [".careenignore", "a/b/c", "a/d", "ab"]);
    assert_eq!(within(&["a"]), ["b/c", "d"]);
    assert_eq!(within(&["a/b", "a/d", "e"]), ["c", "d"]);
    assert_eq!(within(&["-"]), ["<stdin>"]);
    let inner = folder.path.join("a");
    let options = Options { selection: Selection::Staged, ..Options::default() };
    let listing = discover_in(&inner, &options).unwrap();
    assert_eq!(paths(&listing), ["a/b/c", "a/d"]);
}

#[cfg(unix)]
#[test]
fn staged_links_modules_and_conflicts_are_no_files() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("file", "1").commit();
    folder.git(&["checkout", "--quiet", "-b", "other"]);
    folder.write("file", "2").commit();
    folder.git(&["checkout", "--quiet", "main"]);
    folder.write("file", "3").commit();
    // The merge leaves `file` in conflict, which git reports as a failure.
    let merge = std::process::Command::new("git")
        .current_dir(&folder.path)
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "merge", "--quiet", "other"])
        .output()
        .unwrap();
    assert!(!merge.status.success());
    std::os::unix::fs::symlink("file", folder.path.join("link")).unwrap();
    let head = folder.git(&["rev-parse", "HEAD"]);
    let module = format!("160000,{},module", head.trim());
    folder.git(&["update-index", "--add", "--cacheinfo", &module]);
    folder.git(&["add", "link"]);
    let listing = folder.staged();
    assert!(listing.entries.is_empty(), "{:?}", paths(&listing));
    assert_eq!(listing.notes.len(), 1);
    assert!(notes(&listing)[0].starts_with("unreadable! file: is in conflict"));
}

#[test]
fn the_index_of_a_hook_is_used_and_a_foreign_one_is_not() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("a", "1").commit();
    folder.write("a", "2");
    folder.git_with(&["read-tree", "HEAD"], &[("GIT_INDEX_FILE", ".git/next-index")]);
    folder.git_with(&["add", "a"], &[("GIT_INDEX_FILE", ".git/next-index")]);
    assert!(paths(&folder.staged()).is_empty());
    let options = |index: &str| Options {
        selection: Selection::Staged,
        index_file: Some(index.into()),
        ..Options::default()
    };
    let listing = folder.list(&options(".git/next-index"));
    assert_eq!(content(&listing, "a"), b"2");

    fs::rename(folder.path.join(".git/next-index"), folder.path.join("index")).unwrap();
    let listing = folder.list(&options("index"));
    assert!(listing.entries.is_empty());
}

#[test]
fn tracked_files_are_those_of_the_index_with_the_content_on_disk() {
    let Some(folder) = history() else { return };
    let listing = folder.select(Selection::Tracked, &[]);
    // `later` was announced with `--intent-to-add`: Git tracks it from then on.
    assert_eq!(paths(&listing), folder.oracle(&[&["ls-files", "-z"]]));
    assert!(paths(&listing).contains(&"forced.log") && paths(&listing).contains(&"later"));
    assert_eq!(content(&listing, "unstaged"), b"2");
    assert!(notes(&listing).is_empty(), "{:?}", notes(&listing));

    fs::remove_file(folder.path.join("added/new")).unwrap();
    folder.write(".careenignore", "dir/\n");
    let listing = folder.select(Selection::Tracked, &[]);
    let mut oracle = folder.oracle(&[&["ls-files", "-z"]]);
    oracle.retain(|path| !path.starts_with("dir/") && path != "added/new");
    assert_eq!(paths(&listing), oracle);
}

#[test]
fn what_was_named_must_be_tracked_to_be_checked() {
    let Some(folder) = history() else { return };
    let listing =
        folder.select(Selection::Tracked, &["untracked", "untracked/x", "dir-z", "unstaged"]);
    assert_eq!(paths(&listing), ["dir-z/x", "unstaged"]);
    assert!(listing.entries[1].explicit);
    let note =
        "information untracked/x: was named but Git does not track it, so it was not checked";
    assert_eq!(notes(&listing), [note]);
}

#[test]
fn since_is_what_git_names_and_what_is_untracked() {
    let Some(folder) = history() else { return };
    for revision in ["HEAD", "first", "HEAD~1", "main", "first^{tree}"] {
        let oracle = folder.oracle(&[&since(revision), UNTRACKED]);
        assert_eq!(paths(&folder.since(revision)), oracle, "{revision}");
    }
    assert!(paths(&folder.since("HEAD")).contains(&"unstaged"));
    assert!(!paths(&folder.since("HEAD")).contains(&"touched"));
    assert_eq!(content(&folder.since("HEAD"), "unstaged"), b"2");
    assert_eq!(
        paths(&folder.select(Selection::Changed("HEAD".to_owned()), &["dir"])),
        ["dir/changed", "dir/moved"]
    );
}

#[test]
fn a_stale_index_does_not_hide_or_invent_changes() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("same", "1").write("other", "1").commit();
    // Same size; written within the index's own second or not, the content decides.
    folder.write("same", "1").write("other", "2");
    assert_eq!(paths(&folder.since("HEAD")), ["other"]);
    fs::remove_file(folder.path.join(".git/index")).unwrap();
    assert_eq!(paths(&folder.since("HEAD")), ["other", "same"]);
    assert_eq!(paths(&folder.tree()), ["other", "same"]);
}

#[test]
fn an_unknown_revision_is_an_error() {
    let Some(folder) = history() else { return };
    for revision in ["nowhere", "", "HEAD:changed", "--help", "first..HEAD", "HEAD~100"] {
        let selection = Selection::Changed(revision.to_owned());
        let error = folder.try_list(&Options { selection, ..Options::default() }).unwrap_err();
        assert!(matches!(error, Error::UnknownRevision { .. }), "{revision}: {error}");
    }
}

#[test]
fn tracked_files_are_listed_though_gitignore_names_them() {
    let Some(folder) = history() else { return };
    folder.write("ignored/forced", "").git(&["add", "--force", "ignored/forced"]);
    let listing = folder.tree();
    let mut oracle = folder.oracle(&[&["ls-files", "-z"], UNTRACKED]);
    oracle.retain(|path| folder.path.join(path).is_file());
    assert_eq!(paths(&listing), oracle);
    assert!(paths(&listing).contains(&"ignored/forced") && !paths(&listing).contains(&"ignored/x"));
    folder.write(".careenignore", "forced\n");
    assert!(!paths(&folder.tree()).contains(&"ignored/forced"));
}

#[test]
fn a_damaged_repository_still_has_a_tree() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("a", "").commit();
    folder.write(".git/index", "DIRC but no index at all");
    let listing = folder.tree();
    assert_eq!(paths(&listing), ["a"]);
    assert_eq!(listing.notes.len(), 1);
    let options = Options { selection: Selection::Staged, ..Options::default() };
    assert!(matches!(folder.try_list(&options), Err(Error::Repository { .. })));
}

#[test]
fn a_linked_working_tree_has_its_own_index() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("main/a", "1").write(".gitignore", "linked\n").commit();
    folder.git(&["worktree", "add", "--quiet", "linked"]);
    let linked = folder.path.join("linked");
    fs::write(linked.join("new"), "x").unwrap();
    folder.git(&["-C", "linked", "add", "new"]);
    let options = Options { selection: Selection::Staged, ..Options::default() };
    let listing = discover_in(&linked, &options).unwrap();
    assert_eq!(listing.base, linked);
    assert_eq!(content(&listing, "new"), b"x");
    assert!(folder.staged().entries.is_empty());
}

#[test]
fn a_program_named_in_the_configuration_is_never_run() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("a.txt", "1").write(".gitattributes", "*.txt filter=evil diff=evil\n").commit();
    let mark = folder.path.join("ran");
    let touch = format!("touch {}", mark.display());
    for key in [
        "filter.evil.clean",
        "filter.evil.smudge",
        "core.fsmonitor",
        "diff.evil.textconv",
        "diff.external",
    ] {
        folder.git(&["config", key, &touch]);
    }
    fs::write(folder.path.join("a.txt"), "2").unwrap();
    assert_eq!(paths(&folder.since("HEAD")), ["a.txt"]);
    assert!(folder.staged().entries.is_empty());
    assert_eq!(folder.tree().entries.len(), 2);
    assert!(!mark.exists());
}

#[test]
fn packed_and_large_repositories_agree_with_git() {
    let Some(folder) = Folder::repository() else { return };
    for index in 0..400 {
        folder.write(&format!("{}/{}/{index}", index % 5, index % 13), format!("{index}"));
    }
    folder.commit();
    folder.git(&["gc", "--quiet"]);
    folder.write("3/7/33", "changed").write("new/er", "").write("1/1/zzz", "");
    folder.git(&["add", "--all"]);
    assert_eq!(paths(&folder.staged()), folder.oracle(&[STAGED]));
    assert_eq!(paths(&folder.since("HEAD")), folder.oracle(&[&since("HEAD"), UNTRACKED]));
    folder.git(&["update-index", "--index-version", "4"]);
    assert_eq!(paths(&folder.staged()), folder.oracle(&[STAGED]));
}
