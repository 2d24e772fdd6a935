//! What Git says of a release.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{audit, status};
use crate::git::git;

const LIST: &str = "- [ ] Tagged <!-- careen: previous-version-tagged -->\n\
                    - [ ] Reviewed <!-- careen: code-reviewed -->\n\
                    - [ ] Tested <!-- careen: tests-pass -->\n";

fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    fs::write(folder.path().join("list.md"), LIST).unwrap();
    commit(folder.path(), "first");
    folder
}

fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", message]);
}

/// The id of the commit that is checked out.
fn head(folder: &Path) -> String {
    let output = Command::new("git").current_dir(folder).args(["rev-parse", "HEAD"]).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[test]
fn the_last_release_is_a_tag_with_an_author() {
    let folder = repository();
    let at = folder.path();
    let list = &["--checklist", "list.md"];
    assert_eq!(status(&audit(at, list).json(), "previous-version-tagged"), "fail");
    git(at, &["tag", "v1.0.0"]);
    fs::write(at.join("a.txt"), "a").unwrap();
    commit(at, "second");
    // A bare name says nothing of who and when.
    assert_eq!(status(&audit(at, list).json(), "previous-version-tagged"), "fail");
    git(at, &["tag", "--annotate", "--force", "--message", "one", "v1.0.0", "HEAD~1"]);
    let report = audit(at, list).json();
    assert_eq!(status(&report, "previous-version-tagged"), "pass");
    assert_eq!(report["subject"]["previous"]["name"], "v1.0.0");
}

#[test]
fn every_commit_since_the_release_is_reviewed_by_another() {
    let folder = repository();
    let at = folder.path();
    let list = &["--checklist", "list.md"];
    git(at, &["tag", "--annotate", "--message", "one", "v1.0.0"]);
    fs::write(at.join("a.txt"), "a").unwrap();
    commit(at, "second\n\nReviewed-by: Ben <ben@example.com>");
    assert_eq!(status(&audit(at, list).json(), "code-reviewed"), "pass");
    fs::write(at.join("a.txt"), "b").unwrap();
    // What nobody committed nobody reviewed.
    assert_eq!(status(&audit(at, list).json(), "code-reviewed"), "fail");
    commit(at, "third");
    let report = audit(at, list).json();
    assert_eq!(status(&report, "code-reviewed"), "fail");
    assert!(report.to_string().contains("third"));
}

/// A report of a commit holds as long as nothing but what is said about it changes.
#[test]
fn a_report_holds_for_the_commit_it_speaks_of() {
    let folder = repository();
    let at = folder.path();
    let own = at.join(".careen/evidence");
    fs::create_dir_all(&own).unwrap();
    let report = "<testsuite name='u' tests='1' timestamp='2026-11-30T10:00:00Z'>\
                  <testcase classname='a' name='b'/></testsuite>";
    fs::write(own.join("unit.xml"), report).unwrap();
    let head = head(at);
    let record = format!(
        "evidence:\n- file: .careen/evidence/unit.xml\n  suite: unit\n  commit: {}\n",
        head.trim()
    );
    fs::write(at.join(".careen/evidence.yaml"), record).unwrap();
    let list = &["--checklist", "list.md"];
    assert_eq!(status(&audit(at, list).json(), "tests-pass"), "pass");
    commit(at, "evidence");
    assert_eq!(status(&audit(at, list).json(), "tests-pass"), "pass", "only evidence came");
    fs::write(at.join("a.txt"), "a").unwrap();
    assert_eq!(status(&audit(at, list).json(), "tests-pass"), "stale", "files differ");
    commit(at, "change");
    assert_eq!(status(&audit(at, list).json(), "tests-pass"), "stale", "another commit");
}
