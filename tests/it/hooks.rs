//! The hooks, run by pre-commit and by prek over real repositories, as docs/pre-commit.md says.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::harness::{POD, folder, root, run};
use crate::wheel::{VERSION, succeed, tool, wheels};

const PAGE: &str = "docs/pre-commit.md";
const PUBLIC: &str = "https://github.com/careen-dev/careen";

/// A user's repository, and ours as the hooks' source.
struct Scene {
    place: TempDir,
    runner: PathBuf,
    wheels: Option<&'static Path>,
}

impl Scene {
    /// `configuration` is a `.pre-commit-config.yaml` that names our public repository.
    fn new(runner: &str, wheels: Option<&'static Path>, configuration: &str) -> Option<Self> {
        let runner = tool(runner)?;
        tool("git")?;
        let scene = Self { place: TempDir::new().unwrap(), runner, wheels };
        let (hooks, user) = (scene.path("hooks"), scene.path("user"));
        fs::create_dir(&hooks).unwrap();
        // What pre-commit needs of our repository.
        for name in [".pre-commit-hooks.yaml", "pyproject.toml"] {
            fs::copy(root().join(name), hooks.join(name)).unwrap();
        }
        scene.git(&hooks, &["init", "--quiet"]);
        scene.git(&hooks, &["add", "."]);
        scene.git(&hooks, &["commit", "--quiet", "--message=release"]);
        scene.git(&hooks, &["tag", &format!("v{VERSION}")]);
        fs::create_dir(&user).unwrap();
        let ours = format!("file://{}", hooks.display());
        assert!(configuration.contains(PUBLIC), "{configuration}");
        scene.write(".pre-commit-config.yaml", &configuration.replace(PUBLIC, &ours));
        scene.git(&user, &["init", "--quiet"]);
        Some(scene)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path("user").join(name), text).unwrap();
    }

    fn git(&self, folder: &Path, arguments: &[&str]) {
        succeed(self.command(Path::new("git"), folder).args(arguments));
    }

    fn add(&self) {
        self.git(&self.path("user"), &["add", "--all"]);
    }

    /// What the runner says about the user's repository, and whether it lets the commit pass.
    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = self.command(&self.runner, &self.path("user"));
        told(&command.args(arguments).output().unwrap())
    }

    /// A command that knows nothing of this machine but `PATH`, and reaches no network.
    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        let mut path: Vec<PathBuf> = vec![Path::new(env!("CARGO_BIN_EXE_careen")).into()];
        path[0].pop();
        path.extend(self.runner.parent().map(Path::to_path_buf));
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let mut places = OsString::new();
        let mut comma = OsString::new();
        if let Some(wheels) = self.wheels {
            let more = self.setuptools();
            for (list, between) in [(&mut places, " "), (&mut comma, ",")] {
                list.push(wheels);
                list.push(between);
                list.push(&more);
            }
        }
        command
            .current_dir(folder)
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "t")
            .env("GIT_AUTHOR_EMAIL", "t@example.com")
            .env("GIT_COMMITTER_NAME", "t")
            .env("GIT_COMMITTER_EMAIL", "t@example.com")
            .env("HOME", self.place.path())
            .env("PRE_COMMIT_HOME", self.path("pre-commit"))
            .env("PREK_HOME", self.path("prek"))
            .env("NO_COLOR", "1")
            .env("PIP_NO_INDEX", "1")
            .env("PIP_FIND_LINKS", places)
            .env("UV_NO_INDEX", "1")
            .env("UV_OFFLINE", "1")
            .env("UV_FIND_LINKS", comma);
        command
    }

    fn setuptools(&self) -> PathBuf {
        let prefix = std::env::var_os("CAREEN_PYTHON_TOOLS").unwrap_or_default();
        Path::new(&prefix).join("wheels")
    }
}

fn told(output: &Output) -> (bool, String) {
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.success(), text)
}

/// Whether what the hooks in Python are built with is at hand.
fn wheels_and_setuptools() -> Option<&'static Path> {
    if std::env::var_os("CAREEN_PYTHON_TOOLS").is_none() {
        eprintln!("SKIPPED: CAREEN_PYTHON_TOOLS is not set: `.ci/run` sets it");
        return None;
    }
    wheels()
}

/// A configuration with one of our hooks.
fn with_hook(id: &str) -> String {
    format!(
        "repos:\n- repo: {PUBLIC}\n  rev: v{VERSION}\n  hooks:\n  - id: {id}\n    args: [--select, \
         memory-limit-missing]\n"
    )
}

fn mended() -> String {
    POD.replace("    image:", "    resources: {limits: {memory: 1Gi}}\n    image:")
}

#[test]
fn a_hook_fails_on_a_finding_and_looks_at_tracked_files_only() {
    for runner in ["pre-commit", "prek"] {
        let Some(scene) = Scene::new(runner, None, &with_hook("careen-system")) else { continue };
        scene.write("pod.yaml", POD);
        scene.add();
        let (passed, text) = scene.run(&["run"]);
        assert!(!passed && text.contains("pod.yaml:7:11"), "{runner}: {text}");

        scene.write("pod.yaml", &mended());
        scene.add();
        // It is nobody's business yet what is wrong in a file that was not added.
        scene.write("untracked.yaml", POD);
        let (passed, text) = scene.run(&["run"]);
        assert!(passed && text.contains("Passed"), "{runner}: {text}");

        // A commit of pictures does not set it off.
        scene.git(&scene.path("user"), &["commit", "--quiet", "--message=x", "--no-verify"]);
        scene.write("logo.png", "\u{89}PNG");
        scene.git(&scene.path("user"), &["add", "logo.png"]);
        let (passed, text) = scene.run(&["run"]);
        assert!(passed && text.contains("Skipped"), "{runner}: {text}");
    }
}

#[test]
fn the_guide_works_as_it_stands() {
    let Some(wheels) = wheels_and_setuptools() else { return };
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let block = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let block: Vec<&str> =
        block.lines().map(|line| line.strip_prefix("   ").unwrap_or(line)).collect();
    let configuration = block.join("\n");
    for runner in ["pre-commit", "prek"] {
        if runner == "prek" && tool("uv").is_none() {
            continue;
        }
        let Some(scene) = Scene::new(runner, Some(wheels), &configuration) else { continue };
        scene.write("pod.yaml", POD);
        scene.add();
        let (done, text) = scene.run(&["install"]);
        assert!(done, "{runner}: {text}");
        let (passed, text) = scene.run(&["run", "--all-files"]);
        assert!(!passed && text.contains("memory-limit-missing"), "{runner}: {text}");
        let commit = || {
            let user = scene.path("user");
            let mut git = scene.command(Path::new("git"), &user);
            told(&git.args(["commit", "--all", "--message=x"]).output().unwrap())
        };
        let (passed, text) = commit();
        assert!(!passed && text.contains("memory-limit-missing"), "{runner}: {text}");

        let careen = Path::new(env!("CARGO_BIN_EXE_careen"));
        let create = ["baseline", "create", "--reason", "there before Careen"];
        succeed(scene.command(careen, &scene.path("user")).args(create));
        scene.write("careen.yaml", "baseline: careen-baseline.json\n");
        scene.add();
        let (passed, text) = commit();
        assert!(passed, "{runner}: {text}");
    }
}

#[test]
fn the_staged_hook_reads_what_is_staged() {
    let Some(wheels) = wheels_and_setuptools() else { return };
    let configuration = with_hook("careen-staged");
    let Some(scene) = Scene::new("pre-commit", Some(wheels), &configuration) else { return };
    scene.write("pod.yaml", POD);
    scene.add();
    scene.write("pod.yaml", &mended());
    // With `--all-files` unstaged changes stay in place, so the file on disk is the mended one.
    let (passed, text) = scene.run(&["run", "--all-files"]);
    assert!(!passed && text.contains("pod.yaml:7:11"), "{text}");
    scene.add();
    scene.write("pod.yaml", POD);
    let (passed, text) = scene.run(&["run", "--all-files"]);
    assert!(passed, "{text}");
}

#[test]
fn tracked_files_are_checked_as_they_are_on_disk() {
    let Some(git) = tool("git") else { return };
    let place = folder(&[(".gitignore", b"ignored/\n"), ("ignored/pod.yaml", POD.as_bytes())]);
    fs::write(place.path().join("mended.yaml"), POD).unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new(&git);
        command.env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE");
        succeed(command.current_dir(place.path()).args(arguments));
    };
    git(&["init", "--quiet"]);
    git(&["add", "--force", "."]);
    fs::write(place.path().join("mended.yaml"), mended()).unwrap();
    fs::write(place.path().join("untracked.yaml"), POD).unwrap();
    let arguments = ["check", "--format", "json", "--select", "memory-limit-missing", "--tracked"];
    let tracked = run(place.path(), &arguments);
    assert_eq!(tracked.findings(), ["ignored/pod.yaml:7:11 memory-limit-missing"]);
    let named = run(place.path(), &[&arguments[..], &["untracked.yaml"]].concat());
    assert!(named.findings().is_empty());
    assert!(named.notes().iter().any(|note| note.contains("Git does not track it")));
    for other in [&["--staged"][..], &["--since", "HEAD"], &["--history"]] {
        assert_eq!(run(place.path(), &[&arguments[..], other].concat()).code, 2, "{other:?}");
    }
    let baseline = run(place.path(), &["baseline", "create", "--tracked"]);
    assert!(baseline.code == 2 && baseline.stderr.contains("--tracked"), "{}", baseline.stderr);
}

#[test]
fn both_runners_take_the_manifest() {
    for runner in ["pre-commit", "prek"] {
        let Some(runner) = tool(runner) else { continue };
        let place = TempDir::new().unwrap();
        let mut command = Command::new(runner);
        command.env("PRE_COMMIT_HOME", place.path()).env("PREK_HOME", place.path());
        succeed(command.arg("validate-manifest").arg(root().join(".pre-commit-hooks.yaml")));
    }
}
