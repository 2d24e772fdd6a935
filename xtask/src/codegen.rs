//! Generated Rust, checked in: what a build script would make, but formatted, reviewable, and
//! open to jump-to-definition.
//!
//! A generator is a pure function from what it reads to a file's text. Formatting is rustfmt's, so
//! that `cargo fmt` leaves the files alone.

mod controls;
mod overlaps;
mod profiles;
mod rules;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

pub(crate) use overlaps::write as write_overlaps;

/// A file as it should be.
struct Generated {
    /// Relative to the root.
    path: String,
    text: String,
}

/// Writes the files that are not as they should be, and names them.
pub(crate) fn write(workspace: &Workspace) -> Result<Vec<String>> {
    let mut written = Vec::new();
    for file in generate(workspace)? {
        if workspace.text(&file.path)?.as_deref() != Some(&file.text) {
            let path = workspace.path(&file.path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).with_context(|| file.path.clone())?;
            }
            fs::write(path, &file.text).with_context(|| file.path.clone())?;
            written.push(file.path);
        }
    }
    Ok(written)
}

/// The files that are not as they should be.
pub(crate) fn stale(workspace: &Workspace) -> Result<Vec<String>> {
    let mut stale = Vec::new();
    for file in generate(workspace)? {
        if workspace.text(&file.path)?.as_deref() != Some(&file.text) {
            stale.push(file.path);
        }
    }
    Ok(stale)
}

fn generate(workspace: &Workspace) -> Result<Vec<Generated>> {
    let mut files = rules::generate(workspace)?;
    files.extend(controls::generate(workspace)?);
    files.extend(profiles::generate(workspace)?);
    for file in &mut files {
        file.text = format(workspace, &file.text).with_context(|| file.path.clone())?;
    }
    Ok(files)
}

/// The text as rustfmt, with the workspace's settings, would have it.
fn format(workspace: &Workspace, text: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(workspace.path("rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("rustfmt is needed: `rustup component add rustfmt`")?;
    // rustfmt reads all of its input before it writes, so one pipe after the other cannot block.
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("rustfmt: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).context("rustfmt's output")
}

/// A Rust string literal.
fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// A slice of string literals.
fn literals(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| literal(text)).collect();
    format!("&[{}]", texts.join(", "))
}
