//! Runs the executable and reads what it says.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The tests' clock, as the command line takes it.
pub(crate) const AT: &str = "2026-12-01T00:00:00Z";

/// What a run printed and how it ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}{}", self.stdout, self.stderr))
    }

    /// `path:line:column rule` of each finding.
    pub(crate) fn findings(&self) -> Vec<String> {
        let report = self.json();
        report["findings"].as_array().unwrap().iter().map(place).collect()
    }

    /// The notes as `kind path: message`.
    pub(crate) fn notes(&self) -> Vec<String> {
        let report = self.json();
        report["notes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|note| {
                let text = |key: &str| note[key].as_str().unwrap_or_default().to_owned();
                format!("{} {}: {}", text("kind"), text("path"), text("message"))
            })
            .collect()
    }
}

fn place(finding: &Value) -> String {
    format!(
        "{}:{}:{} {}",
        finding["path"].as_str().unwrap(),
        finding["line"],
        finding["column"],
        finding["rule"].as_str().unwrap()
    )
}

/// The repository of the tests themselves.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Variables that choose a format or a look: tests may run in a build server, in a terminal, or under a
/// program that writes code.
const SURROUNDINGS: [&str; 27] = [
    "AI_AGENT",
    "AMP_CURRENT_THREAD_ID",
    "ANTIGRAVITY_AGENT",
    "AUGMENT_AGENT",
    "CLAUDECODE",
    "CLAUDE_CODE",
    "CLICOLOR_FORCE",
    "CLINE_ACTIVE",
    "CODEX_CI",
    "CODEX_SANDBOX",
    "CODEX_THREAD_ID",
    "COLUMNS",
    "COPILOT_CLI",
    "CURSOR_AGENT",
    "FORCE_COLOR",
    "GEMINI_CLI",
    "GITHUB_ACTIONS",
    "GITHUB_REPOSITORY",
    "GITHUB_SERVER_URL",
    "GITHUB_SHA",
    "GITHUB_STEP_SUMMARY",
    "GOOSE_TERMINAL",
    "LC_ALL",
    "OPENCODE",
    "OPENCODE_CLIENT",
    "PI_CODING_AGENT",
    "QWEN_CODE",
];

/// The executable, told the tests' clock and nothing of this machine.
pub(crate) fn careen(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_careen"));
    for name in SURROUNDINGS {
        command.env_remove(name);
    }
    command
        .current_dir(directory)
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_DIR")
        .env("NO_COLOR", "1")
        .env("SOURCE_DATE_EPOCH", "1796083200");
    command
}

/// Runs the executable with arguments.
pub(crate) fn run(directory: &Path, arguments: &[&str]) -> Run {
    read(careen(directory).args(arguments).output().unwrap())
}

/// Runs the executable with something on standard input.
pub(crate) fn run_with(directory: &Path, arguments: &[&str], input: &[u8]) -> Run {
    let mut child = careen(directory)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A run that has read enough closes its end: that is its right.
    let _ = child.stdin.take().unwrap().write_all(input);
    read(child.wait_with_output().unwrap())
}

fn read(output: Output) -> Run {
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Checks a folder and gives the report as JSON.
pub(crate) fn check(directory: &Path) -> Run {
    run(directory, &["check", "--format", "json"])
}

/// A folder that holds these files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// A Pod without a memory limit and without anything else: always good for a finding.
pub(crate) const POD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: api
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.0
";

/// Copies a folder with all in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
