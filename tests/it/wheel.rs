//! The wheel: what maturin makes of `crates/careen/pyproject.toml`, around the executable of the
//! tests. maturin itself is not asked to compile: it would replace that executable while other tests
//! run it. The release workflow builds the whole and tries it out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::harness::{POD, folder, root};

pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A program among the Python tools that `.ci/run` installs into `CAREEN_PYTHON_TOOLS`, else on
/// `PATH`; where there is none, this is said aloud.
pub(crate) fn tool(name: &str) -> Option<PathBuf> {
    let prefix = std::env::var_os("CAREEN_PYTHON_TOOLS").map(|it| Path::new(&it).join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = prefix
        .into_iter()
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    if found.is_none() {
        eprintln!("SKIPPED: there is no `{name}`: `.ci/run` installs it");
    }
    found
}

/// Runs a command that must succeed and gives what it printed.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// A folder that holds the wheel, made once; `None`, said aloud, without the tools.
pub(crate) fn wheels() -> Option<&'static Path> {
    static WHEELS: OnceLock<Option<PathBuf>> = OnceLock::new();
    WHEELS.get_or_init(make).as_deref()
}

fn make() -> Option<PathBuf> {
    let (maturin, python) = (tool("maturin")?, tool("python3")?);
    if Command::new(&python)
        .args(["-m", "wheel", "version"])
        .output()
        .is_ok_and(|it| !it.status.success())
    {
        eprintln!("SKIPPED: {} has no module `wheel`: `.ci/run` installs it", python.display());
        return None;
    }
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheel");
    let _ = fs::remove_dir_all(&base);
    let (stage, wheels) = (base.join("stage"), base.join("wheels"));
    fs::create_dir_all(&stage).unwrap();
    fs::create_dir_all(&wheels).unwrap();
    succeed(
        Command::new(maturin)
            .current_dir(root().join("crates/careen"))
            .args(["pep517", "write-dist-info", "--interpreter"])
            .arg(&python)
            .arg("--metadata-directory")
            .arg(&stage)
            .env("CARGO_NET_OFFLINE", "true"),
    );
    let scripts = stage.join(format!("careen-{VERSION}.data/scripts"));
    fs::create_dir_all(&scripts).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_careen"), scripts.join("careen")).unwrap();
    let pack = ["-m", "wheel", "pack", "--dest-dir"];
    succeed(Command::new(python).args(pack).arg(&wheels).arg(&stage));
    Some(wheels)
}

#[test]
fn the_wheel_installs_an_executable_that_checks() {
    let (Some(wheels), Some(python)) = (wheels(), tool("python3")) else { return };
    let place = folder(&[("pod.yaml", POD.as_bytes())]);
    let environment = place.path().join("venv");
    succeed(Command::new(python).args(["-m", "venv"]).arg(&environment));
    let bin = environment.join("bin");
    succeed(
        Command::new(bin.join("python"))
            .args(["-m", "pip", "install", "--quiet", "--no-index", "--find-links"])
            .arg(wheels)
            .arg(format!("careen=={VERSION}")),
    );
    let version = succeed(Command::new(bin.join("careen")).arg("--version"));
    assert_eq!(version, format!("careen {VERSION}\n"));
    let arguments = ["check", "pod.yaml", "--select", "memory-limit-missing", "--format", "json"];
    let check = Command::new(bin.join("careen"))
        .current_dir(place.path())
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(check.status.code(), Some(1), "{}", String::from_utf8_lossy(&check.stderr));
    assert!(String::from_utf8_lossy(&check.stdout).contains("memory-limit-missing"));
}

#[test]
fn the_wheel_says_what_it_is() {
    let Some(wheels) = wheels() else { return };
    let info = wheels.with_file_name("stage").join(format!("careen-{VERSION}.dist-info"));
    let metadata = fs::read_to_string(info.join("METADATA")).unwrap();
    for line in [
        "Name: careen",
        &format!("Version: {VERSION}"),
        "License-Expression: MIT OR Apache-2.0",
        "License-File: LICENSE-APACHE",
        "License-File: LICENSE-MIT",
        "Project-URL: Source, https://github.com/careen-dev/careen",
        "# Careen",
    ] {
        assert!(metadata.lines().any(|each| each == line), "no `{line}` in {metadata}");
    }
    let tags = fs::read_to_string(info.join("WHEEL")).unwrap();
    assert!(tags.contains("Tag: py3-none-"), "{tags}");
}
