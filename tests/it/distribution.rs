//! What is shipped besides the executable: hooks, the action, workflows, templates, the image, the
//! manual pages. Each is read, linted or run here, so that none of it rots until the next release.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use careen_text::Source;
use careen_yaml::Limits;
use tempfile::TempDir;

use crate::harness::{POD, careen, folder, root, run};
use crate::wheel::{VERSION, succeed, tool};

const YAML: [&str; 6] = [
    ".github/dependabot.yml",
    ".github/workflows/ci.yml",
    ".github/workflows/release.yml",
    ".pre-commit-hooks.yaml",
    "action.yml",
    "templates/careen/template.yml",
];
const PAGES: [&str; 4] =
    ["crates/careen/README.md", "docs/ci.md", "docs/install.md", "docs/pre-commit.md"];
const SCRIPTS: [&str; 2] = ["scripts/github-action.sh", "scripts/package.sh"];

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The blocks of a language on a page, without the indentation of the list they stand in.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, bool, String)> = None;
    for line in page.lines() {
        let indent = line.len() - line.trim_start().len();
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(word)) => open = Some((indent, word == language, String::new())),
            (Some(_), Some(_)) => {
                let (_, wanted, block) = open.take().unwrap();
                blocks.extend(wanted.then_some(block));
            }
            (Some((indent, _, block)), None) => {
                block.push_str(line.get(*indent..).unwrap_or_default());
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none());
    blocks
}

#[test]
fn every_place_names_the_same_version() {
    for (path, phrases) in [
        ("pyproject.toml", &["version = \"{}\"", "careen=={}\""][..]),
        (".pre-commit-hooks.yaml", &["ghcr.io/careen-dev/careen:{} check"]),
        ("scripts/github-action.sh", &["readonly DEFAULT_VERSION={}\n"]),
        ("templates/careen/template.yml", &["default: {}\n"]),
        ("crates/careen/README.md", &["rev: v{}\n"]),
        ("docs/pre-commit.md", &["rev: v{}\n"]),
        ("docs/install.md", &["version={} ", "ghcr.io/careen-dev/careen:{} "]),
        ("docs/ci.md", &["careen-dev/careen@v{}\n", "careen@{}\n", "careen=={}\n", "careen:{} "]),
    ] {
        let text = text(path);
        for phrase in phrases {
            let phrase = phrase.replace("{}", VERSION);
            assert!(text.contains(&phrase), "{path} does not say `{phrase}`");
        }
    }
}

#[test]
fn the_licences_in_the_wheel_are_those_of_the_repository() {
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        assert!(text(name) == text(&format!("crates/careen/{name}")), "{name} differs");
    }
}

#[test]
fn all_yaml_can_be_read_also_in_the_documentation() {
    let mut texts: Vec<(String, String)> =
        YAML.iter().map(|path| ((*path).to_owned(), text(path))).collect();
    for page in PAGES {
        for (at, block) in (1..).zip(blocks(&text(page), "yaml")) {
            texts.push((format!("{page}, block {at}"), block));
        }
    }
    assert!(texts.len() > 12, "{}", texts.len());
    for (name, text) in texts {
        let source = Source::new(&*name, text);
        let tree = careen_yaml::parse(&source, &Limits::default());
        assert!(tree.problems().is_empty(), "{name}: {:?}", tree.problems());
    }
}

#[test]
fn actions_are_named_by_commit_with_their_version_beside() {
    let mut uses = 0;
    let pages = text("docs/ci.md");
    let files = YAML.iter().map(|path| (*path, text(path))).chain([("docs/ci.md", pages)]);
    for (path, text) in files {
        for line in text.lines().filter(|line| line.contains("uses: ")) {
            let (_, action) = line.split_once("uses: ").unwrap();
            if action == format!("careen-dev/careen@v{VERSION}") {
                continue;
            }
            let (action, comment) =
                action.split_once(" # v").unwrap_or_else(|| panic!("{path}: {line}"));
            let (_, commit) = action.split_once('@').unwrap();
            let is_commit = commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit());
            assert!(is_commit && !comment.is_empty(), "{path}: {line}");
            uses += 1;
        }
    }
    assert!(uses > 10, "{uses}");
}

#[test]
fn inputs_of_the_action_never_become_text_of_a_program() {
    let action = text("action.yml");
    for line in action.lines().filter(|line| line.trim_start().starts_with("run:")) {
        assert!(!line.contains("${{") && line.contains("$GITHUB_ACTION_PATH"), "{line}");
    }
    if let Some(zizmor) = tool("zizmor") {
        let workflows = root().join(".github/workflows");
        let arguments = ["--offline", "--no-progress", "--persona=pedantic"];
        let mut command = Command::new(zizmor);
        command.args(arguments).arg(root().join("action.yml")).arg(workflows);
        succeed(command.env("NO_COLOR", "1"));
    }
}

#[test]
fn scripts_are_sound() {
    let Some(shellcheck) = tool("shellcheck") else { return };
    let scripts = SCRIPTS.map(|path| root().join(path));
    succeed(Command::new(shellcheck).args(scripts).arg(root().join(".ci/run")));
}

#[test]
fn our_own_image_passes_our_strictest_profile() {
    let here = root();
    let image = run(&here, &["check", "Dockerfile", "--profile", "strict", "--format", "json"]);
    assert!(image.findings().is_empty(), "{:?}", image.findings());
    assert_eq!(image.code, 0, "{}", image.stderr);
}

#[test]
fn manual_pages_are_clean() {
    let place = TempDir::new().unwrap();
    let dir = place.path().join("man").display().to_string();
    // mandoc does not like days in the future, where the tests' own clock may be.
    let man = |arguments: &[&str]| {
        let mut command = careen(place.path());
        succeed(command.arg("man").args(arguments).env("SOURCE_DATE_EPOCH", "1764547200"))
    };
    man(&["--dir", &dir]);
    let mut pages: Vec<PathBuf> =
        fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    let names: Vec<_> =
        pages.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    for name in ["careen.1", "careen-check.1", "careen-sarif-merge.1"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let check = fs::read_to_string(Path::new(&dir).join("careen-check.1")).unwrap();
    let title = format!(".TH CAREEN-CHECK 1 2025-12-01 \"careen {VERSION}\" Careen");
    assert!(check.contains(&title), "{check}");
    assert!(check.contains("EXIT STATUS") && check.contains("\\-\\-tracked"));
    assert_eq!(man(&["check"]), check);
    let wrong = run(place.path(), &["man", "sarif", "marge"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("there is merge"), "{}", wrong.stderr);

    for page in pages {
        if let Some(mandoc) = tool("mandoc") {
            let mut command = Command::new(mandoc);
            let said = command.args(["-T", "lint", "-W", "warning"]).arg(&page).output().unwrap();
            assert!(said.stdout.is_empty(), "{}", String::from_utf8_lossy(&said.stdout));
        }
        if let Some(groff) = tool("groff") {
            let mut command = Command::new(groff);
            let said = command.args(["-ww", "-man", "-Tutf8"]).arg(&page).output().unwrap();
            assert!(said.stderr.is_empty(), "{}", String::from_utf8_lossy(&said.stderr));
        }
    }
}

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
