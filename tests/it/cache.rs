//! `--cache`: what is remembered changes the time of a run, never its report.

use std::fs;
use std::path::Path;

use crate::git::git;
use crate::harness::{POD, Run, folder, run};

/// A value that every secret scanner knows, in two parts so that this file holds none.
fn token() -> String {
    format!("ghp_{}", "x9Kd3vQm7TzR2bWc8LfH4sYpN6aJ1eG0uV5i")
}

fn cached(directory: &Path, cache: &Path, more: &[&str]) -> Run {
    let cache = format!("--cache={}", cache.display());
    run(directory, &[&["check", "--format", "json", &cache], more].concat())
}

fn memory(cache: &Path) -> Vec<u8> {
    let files: Vec<_> = fs::read_dir(cache).unwrap().map(|it| it.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    fs::read(&files[0]).unwrap()
}

#[test]
fn a_warm_run_says_what_a_cold_one_says() {
    let main = b"fn main() {}\n".as_slice();
    let repository = folder(&[
        ("pod.yaml", POD.as_bytes()),
        ("a.rs", main),
        ("src/b.rs", main),
        ("c.bin", b"\0"),
    ]);
    let (root, cache) = (repository.path(), tempfile::tempdir().unwrap());
    let plain = run(root, &["check", "--format", "json"]);
    let cold = cached(root, cache.path(), &[]);
    let known = memory(cache.path());
    let warm = cached(root, cache.path(), &[]);
    assert_eq!(plain.stdout, cold.stdout);
    assert_eq!(cold.stdout, warm.stdout);
    assert_eq!(memory(cache.path()), known, "two texts are clean, and stay so");
    assert_eq!(known.len() % 16, (16 + 32 + 8 + 32) % 16);
    assert_eq!((known.len() - (16 + 32 + 8 + 32)) / 16, 2);

    // The same text in another place, a changed text, other rules.
    fs::rename(root.join("a.rs"), root.join("z.rs")).unwrap();
    fs::write(root.join("src/b.rs"), format!("const TOKEN: &str = \"{}\";\n", token())).unwrap();
    let found = cached(root, cache.path(), &[]);
    assert_eq!(found.stdout, run(root, &["check", "--format", "json"]).stdout);
    assert!(found.findings().iter().any(|it| it.starts_with("src/b.rs:1")), "{}", found.stdout);
    assert_eq!(memory(cache.path()).len(), known.len() - 16, "what is gone is forgotten");
    let none = cached(root, cache.path(), &["--select", "kubernetes"]);
    assert!(!none.findings().iter().any(|it| it.starts_with("src/b.rs")), "{}", none.stdout);
    let again = cached(root, cache.path(), &[]);
    assert_eq!(found.stdout, again.stdout, "what other rules found clean is not clean for these");
}

#[test]
fn a_part_adds_and_takes_nothing_away() {
    let main = b"fn main() {}\n".as_slice();
    let repository = folder(&[("a.rs", main), ("src/b.rs", main)]);
    let has_git = git(repository.path(), &["init", "-q"]).is_some();
    if has_git {
        git(repository.path(), &["add", "a.rs"]).unwrap();
    }
    let (root, cache) = (repository.path(), tempfile::tempdir().unwrap());
    cached(root, cache.path(), &[]);
    let known = memory(cache.path());
    if has_git {
        cached(root, cache.path(), &["--staged"]);
        assert!(memory(cache.path()).len() >= known.len());
    }
    cached(root, cache.path(), &["src"]);
    assert!(memory(cache.path()).len() >= known.len());
    cached(root, cache.path(), &[]);
    assert_eq!(memory(cache.path()), known);
}

#[test]
fn a_torn_memory_is_none_and_one_inside_is_refused() {
    let repository = folder(&[("a.rs", b"fn main() {}\n")]);
    let (root, cache) = (repository.path(), tempfile::tempdir().unwrap());
    let cold = cached(root, cache.path(), &[]);
    let file = fs::read_dir(cache.path()).unwrap().next().unwrap().unwrap().path();
    for text in [&b""[..], b"careen-clean/1\n\n", &[0xff; 5_000]] {
        fs::write(&file, text).unwrap();
        let run = cached(root, cache.path(), &[]);
        assert_eq!((run.code, &run.stdout), (cold.code, &cold.stdout), "{}", run.stderr);
    }
    let inside = cached(root, &root.join("cache"), &[]);
    assert_eq!(inside.code, 2);
    assert!(inside.stderr.contains("inside of what is checked"), "{}", inside.stderr);
    assert!(!root.join("cache").exists(), "nothing is made there");
}
