use std::fs;

use super::{Folder, notes, paths};
use crate::discover::discover_in;
use crate::{Error, Options, Selection};

fn within(listing: &crate::Listing) -> Vec<(&str, &str, bool)> {
    listing.entries.iter().map(|entry| (&*entry.path, entry.within(), entry.explicit)).collect()
}

#[test]
fn paths_are_relative_to_the_repository_and_within_to_the_root() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("tests/repo/k8s/a.yaml", "").write("other", "");
    let inner = folder.path.join("tests");
    let options = Options { roots: vec!["repo".into(), "../other".into()], ..Options::default() };
    let listing = discover_in(&inner, &options).unwrap();
    assert!(listing.in_repository);
    assert_eq!(listing.base, folder.path);
    assert_eq!(
        within(&listing),
        [("other", "other", true), ("tests/repo/k8s/a.yaml", "k8s/a.yaml", false)]
    );
    let listing = discover_in(&inner, &Options::default()).unwrap();
    assert_eq!(within(&listing), [("tests/repo/k8s/a.yaml", "repo/k8s/a.yaml", false)]);
}

#[test]
fn overlapping_roots_give_each_file_once() {
    let folder = Folder::new();
    folder.write("a/b/c", "").write("a/d", "");
    let listing = folder.select(Selection::Tree, &["a/b", "a", ".", "a/b/c", "./a/../a/b/c"]);
    assert_eq!(within(&listing), [("a/b/c", "c", true), ("a/d", "a/d", false)]);
}

#[test]
fn an_ignored_file_that_is_named_is_read() {
    let Some(folder) = Folder::repository() else { return };
    folder
        .write(".gitignore", "*.log\n/out/\n")
        .write("a.log", "")
        .write("out/x", "")
        .write("b", "");
    let listing = folder.select(Selection::Tree, &["a.log", "out"]);
    assert_eq!(within(&listing), [("a.log", "a.log", true), ("out/x", "x", false)]);
}

#[test]
fn a_root_outside_of_the_base_is_absolute() {
    let folder = Folder::new();
    folder.write("work/a", "").write("else/where/b", "").write("else/.careenignore", "b\n");
    let work = folder.path.join("work");
    let options = Options { roots: vec![".".into(), "../else/where".into()], ..Options::default() };
    let listing = discover_in(&work, &options).unwrap();
    let outside = folder.path.join("else/where/b");
    assert_eq!(within(&listing), [(outside.to_str().unwrap(), "b", false), ("a", "a", false)]);
    let mut buffer = Vec::new();
    assert_eq!(crate::open(&listing).read(&listing.entries[0], &mut buffer), crate::Outcome::Text);
}

#[cfg(unix)]
#[test]
fn a_root_that_is_a_link_is_followed() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    folder.write("real/a", "text");
    symlink("real", folder.path.join("link")).unwrap();
    symlink("real/a", folder.path.join("file")).unwrap();
    symlink("nowhere", folder.path.join("broken")).unwrap();
    let listing = folder.select(Selection::Tree, &["link", "file"]);
    assert_eq!(within(&listing), [("file", "file", true), ("link/a", "a", false)]);
    assert_eq!(super::content(&listing, "file"), b"text");
    assert!(notes(&listing).is_empty());
    let roots = vec!["broken".into()];
    let error = folder.try_list(&Options { roots, ..Options::default() }).unwrap_err();
    assert!(matches!(error, Error::NoSuchRoot { .. }));
}

#[test]
fn what_is_not_there_is_an_error() {
    let folder = Folder::new();
    folder.write("file", "");
    for root in ["nowhere", "nowhere/deeper", "file/below"] {
        let options = Options { roots: vec![root.into()], ..Options::default() };
        let error = folder.try_list(&options).unwrap_err();
        assert!(matches!(&error, Error::NoSuchRoot { path } if path == root), "{error}");
    }
    for selection in [Selection::Tracked, Selection::Staged, Selection::Changed("HEAD".to_owned())]
    {
        let error = folder.try_list(&Options { selection, ..Options::default() }).unwrap_err();
        assert!(matches!(error, Error::NotARepository { .. }), "{error}");
    }
}

#[test]
fn standard_input_is_an_entry_and_walks_nothing() {
    let folder = Folder::new();
    folder.write("file", "");
    let roots = vec!["-".into()];
    let listing = folder.list(&Options { roots: roots.clone(), ..Options::default() });
    assert_eq!(within(&listing), [("<stdin>", "<stdin>", true)]);
    let stdin_name = Some("k8s/web.yaml".to_owned());
    let listing = folder.list(&Options { roots, stdin_name, ..Options::default() });
    assert_eq!(within(&listing), [("k8s/web.yaml", "k8s/web.yaml", true)]);
}

#[test]
fn an_empty_git_folder_hides_no_repository() {
    let Some(folder) = Folder::repository() else { return };
    folder.write("sub/a", "");
    fs::create_dir(folder.path.join("sub/.git")).unwrap();
    let listing = folder.select(Selection::Tree, &["sub"]);
    assert_eq!(listing.base, folder.path);
    assert_eq!(paths(&listing), ["sub/a"]);
}
