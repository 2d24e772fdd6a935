//! The steps of the action for GitHub, over a release that the script of releases has packed.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::harness::{POD, folder, root};
use crate::wheel::{VERSION, succeed, tool};

/// A folder that stands for the releases on GitHub, filled by the script that fills them, and a
/// runner.
struct Runner {
    place: TempDir,
}

const TARGET: &str = "x86_64-unknown-linux-musl";

impl Runner {
    fn new() -> Self {
        let place = folder(&[("repository/pod.yaml", POD.as_bytes())]);
        let runner = Self { place };
        fs::create_dir_all(runner.path("temp")).unwrap();
        // Packing the executable itself would take long and prove no more.
        let stub = runner.path("stub");
        let real = env!("CARGO_BIN_EXE_careen");
        fs::write(&stub, format!("#!/bin/sh\nexec '{real}' \"$@\"\n")).unwrap();
        succeed(Command::new("chmod").arg("755").arg(&stub));
        let release = runner.path(&format!("releases/v{VERSION}"));
        succeed(
            Command::new(root().join("scripts/package.sh"))
                .args([VERSION, TARGET])
                .args([&stub, &release])
                .env("SOURCE_DATE_EPOCH", "1796083200"),
        );
        let list = Command::new("sha256sum").arg(archive()).current_dir(&release).output().unwrap();
        fs::write(release.join("SHA256SUMS"), list.stdout).unwrap();
        runner
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Runs one step of the action with these inputs.
    fn step(&self, name: &str, inputs: &[(&str, &str)]) -> Output {
        let releases = format!("file://{}", self.path("releases").display());
        Command::new(root().join("scripts/github-action.sh"))
            .arg(name)
            .current_dir(self.path("repository"))
            .env("CAREEN_RELEASES", releases)
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("RUNNER_TEMP", self.path("temp"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("SOURCE_DATE_EPOCH", "1796083200")
            .env("NO_COLOR", "1")
            .envs(inputs.iter().copied())
            .output()
            .unwrap()
    }

    /// What a step has handed on under a name, the last one if there are several.
    fn output(&self, name: &str) -> String {
        let text = fs::read_to_string(self.path("output")).unwrap_or_default();
        let mut values = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        values.next_back().unwrap_or_default().to_owned()
    }

    /// Installs, and checks with these inputs.
    fn check(&self, inputs: &[(&str, &str)]) -> Output {
        let installed = self.step("install", &[]);
        assert!(installed.status.success(), "{}", said(&installed));
        let careen = self.output("careen");
        let checked = self.step("check", &[&[("CAREEN", &*careen)], inputs].concat());
        assert!(checked.status.success(), "{}", said(&checked));
        checked
    }
}

fn archive() -> String {
    format!("careen-{VERSION}-{TARGET}.tar.gz")
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn has_tools() -> bool {
    ["bash", "curl", "tar", "gzip", "sha256sum"].iter().all(|name| tool(name).is_some())
}

#[test]
fn the_action_installs_checks_and_ends_as_the_check_did() {
    if !has_tools() {
        return;
    }
    let runner = Runner::new();
    let only = ("CAREEN_ARGS", "--select\n  memory-limit-missing\r\n");
    runner.check(&[only, ("CAREEN_CATEGORY", "k8s")]);
    assert_eq!(runner.output("exit-code"), "1");
    assert_eq!(runner.output("upload"), "true");
    let sarif = fs::read_to_string(runner.output("sarif")).unwrap();
    // A category inside would win over the one that the upload is given.
    assert!(sarif.contains("memory-limit-missing") && !sarif.contains("automationDetails"));
    assert!(!fs::read_to_string(runner.path("summary")).unwrap().is_empty());
    let end = runner.step("outcome", &[("CAREEN_EXIT_CODE", "1")]);
    assert_eq!(end.status.code(), Some(1));
    let refused = [("CAREEN_EXIT_CODE", "0"), ("CAREEN_UPLOAD_OUTCOME", "failure")];
    let end = runner.step("outcome", &refused);
    assert_eq!(end.status.code(), Some(0));
    assert!(said(&end).contains("::notice title=Careen::") && said(&end).contains("write"));

    runner.check(&[only, ("CAREEN_FAIL_ON", "never")]);
    assert_eq!(runner.output("exit-code"), "0");
    runner.check(&[only, ("CAREEN_FAIL_ON", "critical")]);
    assert_eq!(runner.output("exit-code"), "0");
    runner.check(&[only, ("CAREEN_UPLOAD", "false")]);
    assert_eq!(runner.output("upload"), "false");
    let fork = [("CAREEN_FORK", "true"), ("GITHUB_EVENT_NAME", "pull_request")];
    let checked = runner.check(&fork);
    assert_eq!(runner.output("upload"), "false");
    assert!(said(&checked).contains("from a fork"), "{}", said(&checked));
}

#[test]
fn what_a_workflow_chooses_stays_data() {
    if !has_tools() {
        return;
    }
    let runner = Runner::new();
    // None of these is a path or an option, and none of them is run.
    for (name, value) in [
        ("CAREEN_PATHS", "$(touch ran)"),
        ("CAREEN_PATHS", "--exit-zero"),
        ("CAREEN_PROFILE", "strict; touch ran"),
        ("CAREEN_SINCE", "`touch ran`"),
        ("CAREEN_BASELINE", "x' || touch ran '"),
        ("CAREEN_ARGS", "; touch ran"),
    ] {
        runner.check(&[(name, value)]);
        assert_eq!(runner.output("exit-code"), "2", "{name}={value}");
        // A run that cannot be trusted would close alerts.
        assert_eq!(runner.output("upload"), "false", "{name}={value}");
        assert!(!runner.path("repository/ran").exists(), "{name}={value}");
    }
    for version in ["../../v0.1.0", "latest", "0.1.0\nx", "0.1.0/../x"] {
        let refused = runner.step("install", &[("CAREEN_VERSION", version)]);
        assert_eq!(refused.status.code(), Some(2), "{version}");
        assert!(said(&refused).contains("must be a release"), "{}", said(&refused));
    }
    let refused = runner.step("check", &[("CAREEN_UPLOAD", "yes"), ("CAREEN", "true")]);
    assert_eq!(refused.status.code(), Some(2));
    let hostile = [("CAREEN_DIRECTORY", "no\n::warning::pwned"), ("CAREEN", "true")];
    let refused = runner.step("check", &hostile);
    assert_eq!(refused.status.code(), Some(2));
    let lines = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert!(lines.lines().all(|line| !line.starts_with("::warning")), "{lines}");
}

#[test]
fn a_release_that_is_not_what_it_says_is_not_run() {
    if !has_tools() {
        return;
    }
    let runner = Runner::new();
    let release = runner.path(&format!("releases/v{VERSION}"));
    let sums = fs::read_to_string(release.join("SHA256SUMS")).unwrap();
    let refuse = |sums: &str, why: &str| {
        fs::write(release.join("SHA256SUMS"), sums).unwrap();
        let refused = runner.step("install", &[]);
        assert_eq!(refused.status.code(), Some(2), "{why}");
        assert!(said(&refused).contains(why), "{}", said(&refused));
        assert_eq!(runner.output("careen"), "");
    };
    let zeros = "0".repeat(64);
    refuse(&format!("{zeros}  {}\n", archive()), "do not run it");
    refuse(&format!("{sums}{sums}"), "does not list");
    refuse(&format!("{zeros}  other.tar.gz\n"), "does not list");
    fs::remove_file(release.join(archive())).unwrap();
    refuse(&sums, "cannot download");
    let refused = runner.step("install", &[("RUNNER_ARCH", "RISCV")]);
    assert!(said(&refused).contains("use the wheel"), "{}", said(&refused));
}

#[test]
fn a_package_is_the_same_every_time_and_holds_what_it_should() {
    if !has_tools() {
        return;
    }
    let (one, two) = (Runner::new(), Runner::new());
    let path = format!("releases/v{VERSION}/{}", archive());
    let list = succeed(Command::new("tar").arg("-tzf").arg(one.path(&path)));
    for name in ["careen", "LICENSE-MIT", "completions/_careen", "man/careen-check.1"] {
        let name = format!("careen-{VERSION}-{TARGET}/{name}");
        assert!(list.lines().any(|line| line == name), "no {name} in {list}");
    }
    // The stub of both names the same executable.
    assert!(fs::read(one.path(&path)).unwrap() == fs::read(two.path(&path)).unwrap());
}
