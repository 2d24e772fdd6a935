//! Which rules fire on each other's examples. Only the linters know: their own test writes it.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// Has each linter's examples test write `tests/overlaps.txt`. The tests themselves say whether
/// the files are fresh, so there is nothing to check here.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(["test", "--quiet", "--test", "examples"])
        .args(["-p", "careen-lint-images", "-p", "careen-lint-kubernetes"])
        .args([
            "-p",
            "careen-lint-secrets",
            "-p",
            "careen-lint-tls",
            "-p",
            "careen-lint-observability",
            "-p",
            "careen-lint-release",
        ])
        .current_dir(workspace.path(""))
        .env("CAREEN_UPDATE", "1")
        .status()
        .context("cargo is needed")?;
    if !status.success() {
        bail!("the lists are written, but the examples of a linter fail: see above");
    }
    Ok(())
}
