//! `careen audit`, end to end.

mod fixtures;
mod formats;
mod git;
mod hostile;
mod lists;
mod rest;
mod rig;
// An audit with everything that there can be.
#[path = "../../../crates/report/src/audit/sample.rs"]
pub(crate) mod sample;
mod seaworthy;
mod words;

use std::path::Path;

use serde_json::Value;

use crate::harness::{AT, Run, copy_folder, root, run};

/// The audit of a folder, as JSON.
pub(crate) fn audit(folder: &Path, more: &[&str]) -> Run {
    let arguments = ["audit", ".", "--at", AT, "--format", "json"];
    run(folder, &[&arguments[..], more].concat())
}

/// The status of a control.
pub(crate) fn status<'a>(audit: &'a Value, control: &str) -> &'a str {
    let controls = audit["controls"].as_array().unwrap();
    let found = controls.iter().find(|it| it["id"] == control);
    found.unwrap_or_else(|| panic!("no control `{control}`"))["status"].as_str().unwrap()
}

/// A copy of a fixture repository that may be changed.
fn copy_of(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&root().join("fixtures/repos").join(name), folder.path());
    folder
}
