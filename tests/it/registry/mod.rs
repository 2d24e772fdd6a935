//! `--online`, the policy about signatures and `--offline`: over the registry that Docker wrote,
//! filled by `skopeo`, over one that misbehaves, and over what `cosign save` leaves.

mod deployed;
mod fake;
mod policy;
mod real;
mod repository;
mod saved;
mod world;

use std::path::Path;
use std::process::Output;

use crate::harness::{Run, careen};

/// Runs the executable without what this machine knows of registries.
fn ask(folder: &Path, arguments: &[&str]) -> Run {
    ask_as(folder, &folder.join("nobody"), arguments)
}

/// The same with the credentials of a folder.
fn ask_as(folder: &Path, docker: &Path, arguments: &[&str]) -> Run {
    let mut command = careen(folder);
    for name in ["REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "HTTPS_PROXY", "https_proxy"] {
        command.env_remove(name);
    }
    command.env("HOME", docker).env("DOCKER_CONFIG", docker).args(arguments);
    let Output { status, stdout, stderr } = command.output().unwrap();
    Run {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// The rules of the findings, in order.
fn rules(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

/// The messages of findings of a rule.
fn told(run: &Run, rule: &str) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    let of_rule = findings.filter(|finding| finding["rule"] == rule);
    of_rule.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
}
