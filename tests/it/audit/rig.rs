//! A small folder to audit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{AT, Run, folder, run};

/// A report of a test that passed, six days before [`AT`].
pub(crate) const JUNIT: &str = "<testsuites>\n\
    <testsuite name=\"hull\" timestamp=\"2026-11-25T10:00:00Z\">\n\
    <testcase classname=\"hull\" name=\"floats\"/>\n</testsuite>\n</testsuites>\n";
/// A summary of k6 of a fast system.
pub(crate) const K6: &str = r#"{"metrics": {"http_req_duration": {"p(99)": 212, "avg": 80},
    "http_req_failed": {"value": 0.0002, "passes": 1, "fails": 4999}, "http_reqs": {"count": 5000}}}"#;

/// The folder, and beside it what does not belong to it.
pub(crate) struct Rig {
    pub(crate) home: TempDir,
}

impl Rig {
    /// A folder with a checklist of these lines, the first of which is line 3, and a manifest.
    pub(crate) fn of(lines: &str) -> Self {
        let list = format!("# List\n\n{lines}\n");
        let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hull\ndata:\n  a: b\n";
        let home = folder(&[
            ("work/list.md", list.as_bytes()),
            ("work/deploy/map.yaml", manifest.as_bytes()),
        ]);
        Self { home }
    }

    pub(crate) fn work(&self) -> PathBuf {
        self.home.path().join("work")
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.work().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.work().join(path)).unwrap()
    }

    pub(crate) fn run(&self, words: &[&str]) -> Run {
        run(&self.work(), words)
    }

    /// Audits at [`AT`].
    pub(crate) fn audit(&self, more: &[&str]) -> Run {
        let words = ["audit", "--checklist", "list.md", "--at", AT];
        self.run(&[&words[..], more].concat())
    }

    /// Audits at [`AT`], as JSON.
    pub(crate) fn judged(&self) -> Judged {
        Judged::of(&self.audit(&["--format", "json"]))
    }

    /// The digest of the content.
    pub(crate) fn tree(&self) -> String {
        self.judged().audit["subject"]["tree"].as_str().unwrap().to_owned()
    }

    /// Puts all under Git, in one commit at a day of 2026. Not where Git is missing, which is told.
    pub(crate) fn commit(&self, day: &str) -> bool {
        let made = commit(&self.work(), day);
        if !made {
            eprintln!("SKIPPED: no git on this machine");
        }
        made
    }
}

fn commit(directory: &Path, day: &str) -> bool {
    [&["init", "-q", "-b", "main"][..], &["add", "-A"], &["commit", "-qm", "all"]].iter().all(
        |words| {
            let mut command = Command::new("git");
            command
                .current_dir(directory)
                .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
                .args(*words)
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .env_remove("GIT_INDEX_FILE")
                .env_remove("GIT_DIR")
                .envs(
                    ["AUTHOR", "COMMITTER"]
                        .map(|who| (format!("GIT_{who}_DATE"), format!("2026-{day}T00:00:00Z"))),
                );
            command.status().is_ok_and(|status| status.success())
        },
    )
}

/// What an audit said, and how it ended.
pub(crate) struct Judged {
    pub(crate) code: i32,
    pub(crate) audit: Value,
}

impl Judged {
    pub(crate) fn of(run: &Run) -> Self {
        assert!(matches!(run.code, 0 | 1), "{}: {}{}", run.code, run.stdout, run.stderr);
        assert!(!run.stderr.contains("internal failure"), "{}", run.stderr);
        Self { code: run.code, audit: run.json() }
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.audit[name].as_array().unwrap()
    }

    /// `status: reason` of the item in a line.
    pub(crate) fn item(&self, line: u64) -> String {
        let item = self.list("items").iter().find(|item| item["line"] == line);
        let item =
            item.unwrap_or_else(|| panic!("no item in line {line}: {}", self.audit["items"]));
        format!("{}: {}", item["status"].as_str().unwrap(), item["reason"].as_str().unwrap())
    }

    /// `path:line: message` of everything that could not be looked at.
    pub(crate) fn told(&self) -> Vec<String> {
        let told = self.list("unseen").iter().map(|it| {
            let line = it["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
            format!(
                "{}{line}: {}",
                it["path"].as_str().unwrap_or("-"),
                it["message"].as_str().unwrap()
            )
        });
        told.collect()
    }

    /// Asserts that the item in line 3 is not proven, with this at the beginning of its status and reason,
    /// and that each of these is told.
    #[track_caller]
    pub(crate) fn assert_open(&self, expected: &str, told: &[&str]) {
        let item = self.item(3);
        assert!(item.starts_with(expected), "{item}, not {expected}\n{:#?}", self.told());
        assert_eq!(self.code, 1);
        assert_eq!(self.audit["verdict"]["outcome"], "no-go");
        self.assert_told(told);
    }

    #[track_caller]
    pub(crate) fn assert_told(&self, told: &[&str]) {
        let all = self.told();
        for words in told {
            assert!(all.iter().any(|line| line.contains(words)), "`{words}` is not told: {all:#?}");
        }
    }
}
