use std::fs;
use std::process::Command;

use super::{Folder, exists, notes, paths};
use crate::{Limits, Options};

#[test]
fn the_tree_is_listed_in_path_order_with_hidden_files() {
    let folder = Folder::new();
    folder
        .write("b/z.yaml", "")
        .write("b.yaml", "")
        .write(".env", "")
        .write(".github/workflows/ci.yml", "");
    folder.write("a", "").write("nested/.git/config", "").write("nested/x", "");
    let listing = folder.tree();
    assert_eq!(
        paths(&listing),
        [".env", ".github/workflows/ci.yml", "a", "b.yaml", "b/z.yaml", "nested/x"]
    );
    assert!(!listing.in_repository);
    assert_eq!(listing.base, folder.path);
    assert!(notes(&listing).is_empty());
}

#[test]
fn gitignore_counts_with_and_without_a_repository() {
    for repository in [false, true] {
        let folder = if repository {
            let Some(folder) = Folder::repository() else { return };
            folder
        } else {
            Folder::new()
        };
        folder
            .write(".gitignore", "*.log\n/build/\n!keep.log\n")
            .write("sub/.gitignore", "secret\n");
        folder
            .write("a.log", "")
            .write("keep.log", "")
            .write("build/x", "")
            .write("sub/secret", "");
        folder.write("sub/build/x", "").write("secret", "").write(".ignore", "secret\n");
        let expected =
            [".gitignore", ".ignore", "keep.log", "secret", "sub/.gitignore", "sub/build/x"];
        assert_eq!(paths(&folder.tree()), expected, "repository: {repository}");
        let all = folder.list(&Options { no_ignore: true, ..Options::default() });
        assert_eq!(all.entries.len(), 9);
    }
}

#[test]
fn a_gitignore_above_the_repository_does_not_count() {
    let Some(outer) = Folder::repository() else { return };
    outer.write(".gitignore", "*\n").write("inner/.git/HEAD", "ref: refs/heads/main\n");
    outer
        .write("inner/a", "")
        .write("inner/sub/b", "")
        .write("inner/.gitignore", "c\n")
        .write("inner/sub/c", "");
    let listing = outer.list(&Options { roots: vec!["inner/sub".into()], ..Options::default() });
    assert_eq!(listing.base, outer.path.join("inner"));
    assert_eq!(paths(&listing), ["sub/b"]);
}

#[test]
fn careenignore_counts_in_every_folder_and_for_named_files() {
    let folder = Folder::new();
    folder.write(".careenignore", "\u{feff}*.pem\r\n/fixtures/\r\n!good.pem\r\n");
    folder
        .write("sub/.careenignore", "!again.pem\n[\nlocal\n")
        .write("sub/again.pem", "")
        .write("sub/local", "");
    folder
        .write("a.pem", "")
        .write("good.pem", "")
        .write("fixtures/good.pem", "")
        .write("sub/fixtures/x", "");
    folder.write("local", "");
    let listing = folder.tree();
    let expected = [
        ".careenignore",
        "good.pem",
        "local",
        "sub/.careenignore",
        "sub/again.pem",
        "sub/fixtures/x",
    ];
    assert_eq!(paths(&listing), expected);
    assert!(
        notes(&listing).iter().all(|note| note.starts_with("syntax sub/.careenignore: ")),
        "{:?}",
        notes(&listing)
    );

    let named = folder.list(&Options {
        roots: vec!["a.pem".into(), "fixtures/good.pem".into(), "fixtures".into(), "sub".into()],
        ..Options::default()
    });
    assert_eq!(paths(&named), ["sub/.careenignore", "sub/again.pem", "sub/fixtures/x"]);
    assert_eq!(notes(&named).iter().filter(|note| note.starts_with("information ")).count(), 3);
}

#[cfg(unix)]
#[test]
fn links_inside_a_root_are_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    folder.write("a/file", "");
    symlink("..", folder.path.join("a/loop")).unwrap();
    symlink("/etc", folder.path.join("etc")).unwrap();
    symlink("a/file", folder.path.join("link")).unwrap();
    assert_eq!(paths(&folder.tree()), ["a/file"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_never_opened() {
    let folder = Folder::new();
    folder.write("file", "");
    if !Command::new("mkfifo")
        .arg(folder.path.join("pipe"))
        .status()
        .is_ok_and(|status| status.success())
    {
        return;
    }
    assert_eq!(paths(&folder.tree()), ["file"]);
    let named = folder.list(&Options { roots: vec!["pipe".into()], ..Options::default() });
    assert!(named.entries.is_empty());
    assert_eq!(
        notes(&named),
        ["unreadable! pipe: is no regular file and was not opened; name a file or folder"]
    );

    fs::rename(folder.path.join("pipe"), folder.path.join(".careenignore")).unwrap();
    assert_eq!(paths(&folder.tree()), ["file"]);
}

#[cfg(unix)]
#[test]
fn an_unreadable_folder_is_a_note() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("shut/file", "").write("open", "");
    let shut = folder.path.join("shut");
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser can read everything.
    if fs::read_dir(&shut).is_err() {
        let listing = folder.tree();
        assert_eq!(paths(&listing), ["open"]);
        assert!(
            notes(&listing)[0]
                .starts_with("unreadable! shut: could not be read: permission denied")
        );
    }
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn strange_names_survive() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    folder
        .write("new\nline", "1")
        .write("esc\u{1b}[31m", "2")
        .write("back\\slash", "3")
        .write("-", "4");
    // Two names that look the same once they are made into text.
    for name in [&b"bad\xff"[..], b"bad\xfe"] {
        fs::write(folder.path.join(OsStr::from_bytes(name)), name).unwrap();
    }
    let listing = folder.tree();
    assert_eq!(
        paths(&listing),
        ["-", "back\\slash", "bad\u{fffd}", "bad\u{fffd}", "esc\u{1b}[31m", "new\nline"]
    );
    let reader = crate::open(&listing);
    let mut buffer = Vec::new();
    let mut contents = Vec::new();
    for entry in &listing.entries {
        assert_eq!(reader.read(entry, &mut buffer), crate::Outcome::Text);
        contents.push(buffer.clone());
    }
    assert_eq!(contents, [&b"4"[..], b"3", b"bad\xfe", b"bad\xff", b"2", b"1"]);
}

#[test]
fn limits_on_depth_count_and_path_are_notes() {
    let folder = Folder::new();
    folder.write("1/2/3/deep", "").write("1/2/shallow", "").write("1/a", "").write("b", "");
    let limits = Limits { max_depth: 3, ..Limits::default() };
    let listing = folder.list(&Options { limits, ..Options::default() });
    assert_eq!(paths(&listing), ["1/2/shallow", "1/a", "b"]);
    assert!(notes(&listing)[0].starts_with("limit! 1/2/3: is more than 3 folders deep"));

    for threads in [1, 4] {
        let limits = Limits { max_files: 2, ..Limits::default() };
        let listing = folder.list(&Options { limits, threads, ..Options::default() });
        assert_eq!(paths(&listing), ["1/2/3/deep", "1/2/shallow"]);
        assert!(notes(&listing)[0].starts_with("limit! -: more than 2 files"));
    }

    let limits = Limits { max_path_bytes: 8, ..Limits::default() };
    let listing = folder.list(&Options { limits, ..Options::default() });
    assert_eq!(paths(&listing), ["1/a", "b"]);
    assert_eq!(listing.notes.len(), 2);
}

#[test]
fn a_very_deep_tree_ends_in_a_note() {
    let folder = Folder::new();
    let mut path = folder.path.clone();
    for _ in 0..300 {
        path.push("d");
    }
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("file"), "").unwrap();
    assert!(exists(&path.join("file")));
    let listing = folder.tree();
    assert!(listing.entries.is_empty());
    assert_eq!(listing.notes.len(), 1);
    assert!(listing.notes[0].incomplete);
}

#[test]
fn the_listing_does_not_depend_on_the_threads() {
    let folder = Folder::new();
    for index in 0..300 {
        folder.write(&format!("{}/{}/{index}", index % 7, index % 11), "");
    }
    let one = folder.list(&Options { threads: 1, ..Options::default() });
    let many = folder.list(&Options { threads: 8, ..Options::default() });
    assert_eq!(one.entries.len(), 300);
    assert_eq!(paths(&one), paths(&many));
}
