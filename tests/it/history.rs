//! Secrets in the history of a repository.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Run, folder, run};

/// A token that looks like one, made up; the number tells one from another.
fn token(number: u32) -> String {
    format!(concat!("api_pass", "word = \"hk7Qz{}vWx2Lp9R\"\n"), number)
}

/// A repository whose commits are a day apart.
struct Repository {
    folder: TempDir,
    day: Cell<u32>,
}

impl Repository {
    /// An empty one; `None`, said aloud, if this machine has no git.
    fn new() -> Option<Self> {
        let repository = Self { folder: folder(&[]), day: Cell::new(1) };
        let found = Command::new("git").arg("--version").output().is_ok();
        if !found {
            eprintln!("SKIPPED: no git on this machine");
            return None;
        }
        repository.git(&["init", "-q"]);
        Some(repository)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(self.path(), self.day.get(), arguments)
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn remove(&self, path: &str) -> &Self {
        fs::remove_file(self.path().join(path)).unwrap();
        self
    }

    /// Commits everything and gives the id.
    fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
        self.day.set(self.day.get() + 1);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    fn check(&self, more: &[&str]) -> Run {
        check(self.path(), more)
    }
}

fn git(directory: &Path, day: u32, arguments: &[&str]) -> String {
    let date = format!("2024-03-{day:02}T12:00:00Z");
    let output = Command::new("git")
        .current_dir(directory)
        .args(["-c", "user.name=Ann Author", "-c", "user.email=ann@example.com"])
        .args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_COMMITTER_DATE", &date)
        .env("GIT_AUTHOR_DATE", &date)
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_DIR")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn check(directory: &Path, more: &[&str]) -> Run {
    let found = run(directory, &[&["check", "--format", "json"][..], more].concat());
    for number in 0..10 {
        let secret = token(number);
        let secret = secret.split('"').nth(1).unwrap().to_owned();
        assert!(!found.stdout.contains(&secret), "{}", found.stdout);
    }
    found
}

/// `path:line commit versions` of each finding, and what is told of `HEAD`.
fn findings(run: &Run) -> Vec<String> {
    let report = run.json();
    let told = |finding: &Value| {
        let history = &finding["history"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let head = match (history["in_head"].as_bool().unwrap(), &history["head_path"]) {
            (true, Value::Null) => "in HEAD".to_owned(),
            (true, path) => format!("in HEAD as {}", text(path)),
            (false, _) => "gone".to_owned(),
        };
        format!(
            "{}:{} {} {} {head}",
            text(&finding["path"]),
            finding["line"],
            text(&history["date"]).get(..10).unwrap(),
            history["versions"],
        )
    };
    report["findings"].as_array().unwrap().iter().map(told).collect()
}

#[test]
fn what_was_removed_is_found_with_its_commit() {
    let Some(repository) = Repository::new() else { return };
    repository.write("readme", "nothing\n").commit();
    let leak = repository.write("app/settings.py", format!("a = 1\n{}", token(1))).commit();
    repository.write("app/settings.py", "a = 1\n").commit();
    assert_eq!(repository.check(&[]).code, 0);

    let found = repository.check(&["--history"]);
    assert_eq!(findings(&found), ["app/settings.py:2 2024-03-02 1 gone"], "{}", found.stderr);
    assert_eq!(found.code, 1);
    let report = found.json();
    let history = &report["findings"][0]["history"];
    assert_eq!(history["commit"], *leak);
    assert_eq!(history["author"], Value::Null);
    assert_eq!(report["summary"]["commits"], 3);
    assert_eq!(report["summary"]["files"], 3);
    let named = repository.check(&["--history", "--show-authors"]).json();
    assert_eq!(named["findings"][0]["history"]["author"], "Ann Author <ann@example.com>");

    let text = run(repository.path(), &["check", "--history"]);
    let told = format!("in commit {} of 2024-03-02, no longer in HEAD", &leak[..8]);
    assert!(text.stdout.contains(&told), "{}", text.stdout);
    assert!(text.stdout.contains("3 versions of files in 3 commits searched"), "{}", text.stdout);
    assert!(!text.stdout.contains("ann@example.com") && text.stderr.is_empty(), "{}", text.stderr);
    let sarif = run(repository.path(), &["check", "--history", "--format", "sarif"]).json();
    let result = &sarif["runs"][0]["results"][0];
    assert!(result["message"]["text"].as_str().unwrap().ends_with(&format!("{told}.")), "{result}");
    assert_eq!(result["properties"]["inHead"], false);
}

#[test]
fn versions_of_one_file_are_one_finding() {
    let Some(repository) = Repository::new() else { return };
    repository.write("a.py", token(1)).commit();
    repository.write("a.py", format!("# more\n\n{}", token(1))).commit();
    repository.write("a.py", format!("# more\n\n{}{}", token(1), token(2))).commit();
    repository.write("a.py", format!("# more\n\n{}", token(2))).commit();
    let found = repository.check(&["--history"]);
    assert_eq!(findings(&found), ["a.py:1 2024-03-01 3 gone", "a.py:4 2024-03-03 2 in HEAD"]);
    let report = found.json();
    let fingerprint = |at: usize| report["findings"][at]["fingerprint"].clone();
    assert_ne!(fingerprint(0), fingerprint(1));
}

#[test]
fn moved_and_copied_files_keep_their_first_place() {
    let Some(repository) = Repository::new() else { return };
    repository.write("lib/a.py", token(1)).write("lib/b.py", token(1)).commit();
    repository.git(&["mv", "lib", "src"]);
    repository.commit();
    repository.remove("src/b.py").write("src/a.py", format!("{}x = 1\n", token(1))).commit();
    // The moved folder holds nothing new; the change that came later does.
    assert_eq!(
        findings(&repository.check(&["--history"])),
        ["lib/a.py:1 2024-03-01 1 in HEAD as src/a.py", "src/a.py:1 2024-03-03 1 in HEAD",]
    );
}

#[test]
fn branches_merges_and_ranges() {
    let Some(repository) = Repository::new() else { return };
    let first = repository.write("a.py", token(1)).commit();
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("side.py", token(2)).commit();
    repository.remove("side.py").commit();
    repository.git(&["checkout", "-q", "main"]);
    repository.remove("a.py").write("b.py", token(3)).commit();
    repository.git(&["merge", "-q", "--no-edit", "side"]);
    // Nobody's parent has it: the merge itself does.
    repository.write("evil.py", token(4)).git(&["add", "--all"]);
    repository.git(&["commit", "-q", "--amend", "--no-edit"]);
    repository.day.set(6);
    repository.git(&["checkout", "-q", "-b", "other", &first]);
    repository.write("unmerged.py", token(5)).commit();
    repository.git(&["checkout", "-q", "main"]);

    let of = |range: &[&str]| findings(&repository.check(&[&["--history"][..], range].concat()));
    let main = [
        "a.py:1 2024-03-01 1 gone",
        "b.py:1 2024-03-04 1 in HEAD",
        "evil.py:1 2024-03-05 1 in HEAD",
        "side.py:1 2024-03-02 1 gone",
    ];
    assert_eq!(of(&["main"]), main);
    assert_eq!(of(&[]), [&main[..], &["unmerged.py:1 2024-03-06 1 gone"]].concat());
    assert_eq!(of(&["main~1..main"]), ["evil.py:1 2024-03-05 1 in HEAD", main[3]]);
    assert_eq!(of(&["side~1..side"]), [""; 0]);
    let unknown = repository.check(&["--history", "nowhere"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("`nowhere` is no range of commits"), "{}", unknown.stderr);

    // The range knows nothing of it, but what it brought in still stands, moved elsewhere since.
    repository.write("c.py", format!("y = 2\n{}", token(4))).remove("evil.py").commit();
    let moved = repository.check(&["--history", "main~2..main~1"]);
    assert_eq!(findings(&moved), ["evil.py:1 2024-03-05 1 in HEAD as c.py", main[3]]);
}

#[test]
fn suppressions_and_exclusions_hold() {
    let Some(repository) = Repository::new() else { return };
    let quiet = |token: String| format!("{} # careen: ignore[secrets] a sample\n", token.trim());
    repository.write("a.py", quiet(token(1))).write("vendored/b.py", token(2)).commit();
    repository.write("c.py", token(3)).commit();
    // Accepted later on: it is accepted.
    repository.write("c.py", quiet(token(3))).commit();
    repository.remove("a.py").remove("c.py").remove("vendored/b.py");
    repository.write("careen.yaml", "exclude: [vendored]\n").commit();
    let found = repository.check(&["--history"]);
    assert_eq!((findings(&found), found.code), (vec![], 0));
    let shown = repository.check(&["--history", "--show-suppressed"]);
    assert_eq!(findings(&shown), ["a.py:1 2024-03-01 1 gone", "c.py:1 2024-03-02 2 gone"]);
    assert_eq!(shown.json()["findings"][0]["suppressed"]["reason"], "a sample");
}

#[test]
fn repositories_that_hold_little() {
    let Some(repository) = Repository::new() else { return };
    let empty = repository.check(&["--history"]);
    assert_eq!((findings(&empty), empty.code), (vec![], 0));

    repository.write("a.py", token(1)).commit();
    repository.remove("a.py").commit();
    let clones = folder(&[]);
    let from = format!("file://{}", repository.path().display());
    git(clones.path(), 1, &["clone", "-q", "--bare", &from, "bare.git"]);
    git(clones.path(), 1, &["clone", "-q", "--depth=1", &from, "shallow"]);
    let bare = check(&clones.path().join("bare.git"), &["--history"]);
    assert_eq!(findings(&bare), ["a.py:1 2024-03-01 1 gone"]);
    let shallow = check(clones.path(), &["shallow", "--history"]);
    assert_eq!((findings(&shallow), shallow.code), (vec![], 2));
    assert!(shallow.notes()[0].contains("this is a shallow clone"), "{:?}", shallow.notes());
    let outside = check(clones.path(), &["--history"]);
    assert_eq!((outside.code, outside.stdout.as_str()), (2, ""));
    assert!(outside.stderr.contains("is in no Git repository"), "{}", outside.stderr);
}

#[test]
fn what_cannot_be_searched_is_told() {
    let Some(repository) = Repository::new() else { return };
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    repository.write("movie.mp4", pointer).write("large", "x".repeat(1 << 20)).write("b", [0; 9]);
    repository.write("a.py", token(1)).commit();
    let damaged = repository.write("lost.py", token(2)).commit();
    let id = repository.git(&["rev-parse", &format!("{damaged}:lost.py")]);
    let (start, end) = id.trim().split_at(2);
    let path = repository.path().join(".git/objects").join(start).join(end);
    fs::remove_file(&path).unwrap();
    fs::write(&path, "no object at all").unwrap();
    let found = repository.check(&["--history", "--max-file-mib", "1"]);
    assert_eq!(findings(&found), ["a.py:1 2024-03-01 1 in HEAD"]);
    assert_eq!(found.code, 2);
    let notes = found.notes().join("\n");
    assert!(notes.contains("not searched: 1 version of a file, such as `lost.py`"), "{notes}");
    assert!(notes.contains("pointers of Git LFS, whose content was not searched"), "{notes}");
    assert_eq!(found.json()["summary"]["binary"], 1);
    let none = repository.check(&["--history", "--select", "kubernetes"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("`--history` looks for secrets only"), "{}", none.stderr);
}

#[test]
fn any_number_of_threads_tells_the_same() {
    let Some(repository) = Repository::new() else { return };
    for round in 0..6 {
        for file in 0..4 {
            let text = format!("n = {round}\n{}{}", token(file), token(round));
            repository.write(&format!("d{}/{file}.py", round % 2), text);
        }
        repository.commit();
    }
    let told = |threads| repository.check(&["--history", "--threads", threads]).stdout;
    assert_eq!(told("1"), told("7"));
    repository.git(&["gc", "-q"]);
    assert_eq!(told("1"), told("3"));
}

#[test]
fn key_stores_are_found_though_they_are_no_text() {
    let Some(repository) = Repository::new() else { return };
    let mut store = vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1];
    store.extend([7; 20_000]);
    let first = repository.write("shop.jks", &store).write("noise.bin", [0; 90]).commit();
    repository.remove("shop.jks").commit();
    let found = repository.check(&["--history"]).json();
    let findings = found["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{found}");
    assert_eq!(findings[0]["rule"], "key-store-committed");
    assert_eq!(findings[0]["history"]["commit"], first.as_str());
}
