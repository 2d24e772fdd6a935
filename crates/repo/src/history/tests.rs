use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::{Blind, Content, History, Watch, history_in};
use crate::tests::Folder;
use crate::{Error, Limits, Options};

fn all(folder: &Folder, range: Option<&str>) -> History {
    with(folder, &Options::default(), range)
}

fn with(folder: &Folder, options: &Options, range: Option<&str>) -> History {
    history_in(&folder.path, options, range, &|_| false, &Blind).unwrap()
}

/// `path content` of each version, with the number of its first commit and `=` if it stands in
/// `HEAD`, in order.
fn versions(history: &History) -> Vec<String> {
    let mut versions = Vec::new();
    let mut buffer = Vec::new();
    history.read(history.blobs(), &mut buffer, |blob, content, buffer| {
        let text = match content {
            Content::Text => String::from_utf8_lossy(buffer).into_owned(),
            other => format!("{other:?}"),
        };
        let standing: Vec<_> = history.standing(blob).map(|path| path.to_string()).collect();
        let standing =
            if standing.is_empty() { String::new() } else { format!(" = {}", standing.join(" ")) };
        versions.push(format!("{} {} {text}{standing}", history.order(blob), history.path(blob)));
        ControlFlow::Continue(())
    });
    versions.sort();
    versions
}

fn notes(history: &History) -> Vec<String> {
    let note = |note: &careen_rule::Note| {
        let mark = if note.incomplete { "!" } else { "" };
        format!("{}{mark} {}: {}", note.kind, note.path.as_deref().unwrap_or("-"), note.message)
    };
    history.notes.iter().map(note).collect()
}

/// Commits with one more second on the clock each.
fn commit(folder: &Folder, second: u32) {
    folder.git(&["add", "--all"]);
    let date = format!("2024-03-01T00:00:{second:02}Z");
    folder.git_with(
        &["commit", "--quiet", "--allow-empty", "--message=x"],
        &[("GIT_COMMITTER_DATE", &date), ("GIT_AUTHOR_DATE", &date)],
    );
}

/// A file that changes, one that moves, one that goes, a folder that moves, a branch and a merge.
fn eventful() -> Option<Folder> {
    let folder = Folder::repository()?;
    folder.write("a", "1").write("gone", "g").write("lib/x", "x").write("twin", "x");
    commit(&folder, 0);
    folder.write("a", "2").git(&["mv", "lib", "src"]);
    commit(&folder, 1);
    folder.git(&["checkout", "--quiet", "-b", "side"]);
    folder.write("side", "s").write("a", "1");
    commit(&folder, 2);
    folder.git(&["checkout", "--quiet", "main"]);
    folder.write("late", "l").git(&["rm", "--quiet", "gone"]);
    commit(&folder, 3);
    folder.git_with(
        &["merge", "--quiet", "--no-ff", "--no-edit", "side"],
        &[("GIT_COMMITTER_DATE", "2024-03-01T00:00:04Z")],
    );
    folder.write("a", "3");
    commit(&folder, 5);
    Some(folder)
}

const EVENTS: &[&str] = &["0 a 1", "0 gone g", "0 twin x = twin src/x", "1 a 2", "2 side s = side"];

#[test]
fn every_version_is_listed_once_with_its_first_commit() {
    let Some(folder) = eventful() else { return };
    let history = all(&folder, None);
    assert_eq!(history.commit_count(), 6);
    assert_eq!(versions(&history), [EVENTS, &["3 late l = late", "5 a 3 = a"]].concat());
    assert!(history.notes.is_empty(), "{:?}", history.notes);
    // As many as git knows, loose and packed, and with the graph of commits.
    for step in [&["count-objects"][..], &["gc", "--quiet"], &["commit-graph", "write"]] {
        folder.git(step);
        let listed = folder.git(&["rev-list", "--objects", "--all", "--filter=object:type=blob"]);
        let history = all(&folder, None);
        assert_eq!(versions(&history).len(), 7);
        assert_eq!(listed.lines().filter(|line| line.contains(' ')).count(), 7, "{listed}");
    }
}

#[test]
fn a_range_is_what_it_brought_in() {
    let Some(folder) = eventful() else { return };
    folder.git(&["tag", "-m", "t", "v1", "HEAD~2"]);
    let range = |range| versions(&all(&folder, Some(range)));
    assert_eq!(range("v1"), [&EVENTS[..4], &["2 late l = late"]].concat());
    // The side branch brought back what had been there long before.
    assert_eq!(range("v1.."), ["0 a 1", "0 side s = side", "2 a 3 = a"]);
    assert_eq!(range("HEAD^!"), ["0 a 3 = a"]);
    assert_eq!(range("HEAD..v1"), [""; 0]);
    let history = all(&folder, Some("v1.."));
    assert_eq!(history.others().len(), 2, "{:?}", history.others());
    for wrong in ["nowhere", "a..b", "HEAD:a", "v1...HEAD", "^HEAD", "", "--all", "."] {
        let found = history_in(&folder.path, &Options::default(), Some(wrong), &|_| false, &Blind);
        assert!(matches!(found, Err(Error::UnknownRange { .. })), "{wrong}");
    }
}

#[test]
fn paths_that_were_asked_for_need_not_stand() {
    let Some(folder) = eventful() else { return };
    let roots = |roots: &[&str]| {
        let roots = roots.iter().map(|root| folder.path.join(root)).collect();
        versions(&with(&folder, &Options { roots, ..Options::default() }, None))
    };
    assert_eq!(roots(&["lib"]), ["0 lib/x x"]);
    assert_eq!(roots(&["src"]), ["1 src/x x = src/x"]);
    assert_eq!(roots(&["gone", "side"]), ["0 gone g", "2 side s = side"]);
    folder.write(".careenignore", "lib/\n/a\n");
    assert_eq!(
        versions(&all(&folder, None)),
        ["0 gone g", "0 twin x = twin src/x", "2 side s = side", "3 late l = late"]
    );
}

#[test]
fn what_is_no_text_is_told_apart() {
    let Some(folder) = Folder::repository() else { return };
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    folder.write("binary", [0; 9]).write("large", "x".repeat(101)).write("lfs", pointer);
    #[cfg(unix)]
    std::os::unix::fs::symlink("a-secret", folder.path.join("link")).unwrap();
    folder.commit();
    let head = folder.git(&["rev-parse", "HEAD"]);
    let module = format!("160000,{},deps/module", head.trim());
    folder.git(&["update-index", "--add", "--cacheinfo", &module]);
    folder.git(&["commit", "--quiet", "--message=x"]);
    let limits = Limits { max_file_bytes: 100, ..Limits::default() };
    let history = with(&folder, &Options { limits, ..Options::default() }, None);
    assert_eq!(
        versions(&history),
        ["0 binary Binary = binary", "0 large Large = large", "0 lfs Pointer = lfs"]
    );
    assert_eq!(notes(&history).len(), 1);
    assert!(notes(&history)[0].starts_with("information deps/module: is a submodule"));
}

#[test]
fn repositories_of_every_kind() {
    let Some(folder) = eventful() else { return };
    let clones = Folder::new();
    let from = format!("file://{}", folder.path.display());
    clones.git(&["clone", "--quiet", "--bare", &from, "bare.git"]);
    clones.git(&["clone", "--quiet", "--depth=1", &from, "shallow"]);
    let within = |path: &str, range| {
        history_in(&clones.path.join(path), &Options::default(), range, &|_| false, &Blind)
    };
    for path in ["bare.git", "bare.git/refs"] {
        let bare = within(path, None).unwrap();
        assert_eq!(versions(&bare), versions(&all(&folder, None)));
        assert_eq!(bare.base, clones.path.join("bare.git"));
    }
    let shallow = within("shallow", None).unwrap();
    assert_eq!(versions(&shallow).len(), 4);
    assert!(notes(&shallow)[0].starts_with("limit! -: this is a shallow clone"), "{shallow:?}");
    assert!(matches!(within("", None), Err(Error::NotARepository { .. })));

    let empty = Folder::repository().unwrap();
    let history = all(&empty, None);
    assert_eq!((history.commit_count(), history.blobs().len()), (0, 0));
    assert!(notes(&history)[0].starts_with("information -: `HEAD` leads to no commit"));
}

#[test]
fn damage_is_a_note() {
    let Some(folder) = eventful() else { return };
    let remove = |name: &str| {
        let id = folder.git(&["rev-parse", name]);
        let (start, end) = id.trim().split_at(2);
        std::fs::remove_file(folder.path.join(".git/objects").join(start).join(end)).unwrap();
    };
    remove("HEAD~2:a");
    assert!(versions(&all(&folder, None)).contains(&"1 a Damaged".to_owned()));
    remove("HEAD~2:src");
    let history = all(&folder, None);
    assert_eq!(versions(&history).len(), 7);
    assert!(notes(&history)[0].contains("1 commits or folders of the history are missing"));
    remove("side");
    let history = all(&folder, None);
    assert!(notes(&history).iter().all(|note| note.starts_with("unreadable!")));
    assert!(versions(&history).contains(&"2 late l = late".to_owned()), "{:?}", versions(&history));
}

#[test]
fn what_was_replaced_is_read_as_it_was_committed() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("a", "committed").write("b", "instead").commit();
    let id = |name: &str| folder.git(&["rev-parse", name]).trim().to_owned();
    folder.git(&["replace", &id("HEAD:a"), &id("HEAD:b")]);
    assert_eq!(versions(&all(&folder, None)), ["0 a committed = a", "0 b instead = b"]);
}

#[test]
fn an_endless_tree_is_looked_into_once() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("a", "1").commit();
    let mut tree = folder.git(&["rev-parse", "HEAD^{tree}"]).trim().to_owned();
    for level in 0..70 {
        let entries: String = (0..9).map(|name| format!("040000 tree {tree}\t{name}\n")).collect();
        folder.write(".git/entries", entries);
        tree = std::process::Command::new("git")
            .current_dir(&folder.path)
            .arg("mktree")
            .stdin(std::fs::File::open(folder.path.join(".git/entries")).unwrap())
            .output()
            .map(|output| String::from_utf8(output.stdout).unwrap().trim().to_owned())
            .unwrap();
        // Within the limit of depth, and beyond.
        if level != 20 && level != 69 {
            continue;
        }
        let commit = folder.git(&["commit-tree", "-m", "x", &tree]);
        folder.git(&["branch", &format!("b{level}"), commit.trim()]);
    }
    let history = all(&folder, Some("b20"));
    assert_eq!(history.blobs().len(), 1);
    let history = all(&folder, Some("b69"));
    assert_eq!(history.blobs().len(), 0);
    assert!(notes(&history)[0].contains("more than 64 folders deep"), "{:?}", notes(&history));
}

#[test]
fn a_search_can_be_ended() {
    struct Impatient;
    impl Watch for Impatient {
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let Some(folder) = eventful() else { return };
    let history =
        history_in(&folder.path, &Options::default(), None, &|_| false, &Impatient).unwrap();
    assert!(history.is_cut_short && history.blobs().is_empty());
}

#[test]
fn versions_in_a_pack_stand_side_by_side() {
    let Some(folder) = Folder::repository() else { return };
    let mut expected = BTreeMap::new();
    for round in 0..30 {
        for name in ["a", "b", "c"] {
            let lines: String = (0..60)
                .map(|line| format!("{name} {line} {}\n", if line == round { round } else { 0 }))
                .collect();
            expected.insert(lines.clone(), name);
            folder.write(name, lines);
        }
        commit(&folder, round);
    }
    folder.git(&["gc", "--quiet"]);
    let history = all(&folder, None);
    let mut found = BTreeMap::new();
    let mut unknown = 0;
    let mut buffer = Vec::new();
    history.read(history.blobs(), &mut buffer, |blob, content, buffer| {
        assert_eq!(content, Content::Text);
        unknown += usize::from(blob.packed == 0);
        found.insert(String::from_utf8(buffer.clone()).unwrap(), history.path(blob));
        ControlFlow::Continue(())
    });
    assert_eq!(found.len(), expected.len());
    // Nothing follows the last object of a pack that would tell how long it is.
    assert!(unknown <= 1, "{unknown}");
    assert!(found.iter().all(|(text, path)| expected[text] == &**path));
}
