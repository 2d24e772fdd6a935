//! The book: `docs/` and a page of every rule, put together for mdBook.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace::{Workspace, cargo};

/// Where the book is put together, below the root.
const FOLDER: &str = "target/book";
/// The line of `docs/SUMMARY.md` that stands for the pages of the rules.
const PLACE: &str = "<!-- rules -->";

/// Puts the book together and, if mdBook is there, makes HTML of it. Whether that went well.
pub(crate) fn make(workspace: &Workspace) -> Result<bool> {
    let source = workspace.root().join(FOLDER).join("src");
    if source.exists() {
        fs::remove_dir_all(&source).context("cannot clear the book's folder")?;
    }
    copy(&workspace.root().join("docs"), &source)?;
    for page in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        let text = fs::read_to_string(workspace.root().join(page))?.replace("](docs/", "](");
        fs::write(source.join(page), text)?;
    }
    let status = Command::new(cargo())
        .args(["run", "--quiet", "--package", "careen", "--", "rules", "pages"])
        .arg(source.join("rules"))
        .current_dir(workspace.root())
        .stdin(Stdio::null())
        .status()
        .context("cargo run")?;
    if !status.success() {
        bail!("the pages of the rules cannot be made");
    }
    let rules = fs::read_to_string(source.join("rules/SUMMARY.md"))?.replace("](", "](rules/");
    fs::remove_file(source.join("rules/SUMMARY.md"))?;
    let summary = source.join("SUMMARY.md");
    let text = fs::read_to_string(&summary).context("docs/SUMMARY.md")?;
    if !text.contains(PLACE) {
        bail!("docs/SUMMARY.md has no line `{PLACE}`");
    }
    fs::write(&summary, text.replace(PLACE, &rules))?;
    build(&source)
}

fn build(source: &Path) -> Result<bool> {
    let mdbook = Command::new("mdbook").arg("build").arg(source).stdin(Stdio::null()).status();
    let shown = source.display();
    match mdbook {
        Ok(status) => Ok(status.success()),
        Err(_) => {
            println!("mdbook is not installed: the pages are in {shown}");
            Ok(true)
        }
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}
