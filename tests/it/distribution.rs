//! What is shipped besides the executable: hooks, workflows, templates, the image, the manual pages.
//! Each is read or linted here, so that none of it rots until the next release.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use careen_text::Source;
use careen_yaml::Limits;
use tempfile::TempDir;

use crate::harness::{careen, root, run};
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
