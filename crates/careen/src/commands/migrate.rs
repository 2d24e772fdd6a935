//! `careen migrate`: opens configurations of other linters and writes ours.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use careen_ledger::FOREIGN_FILES;
use careen_migrate::{Fate, Input, Item, Migration, NAMES, Tool, migrate};
use careen_text::sanitize_line;

use crate::args::MigrateArguments;
use crate::files::read_at_most;
use crate::linters::Linters;
use crate::{complain, config, exclude, fresh};

/// Nobody writes a file of another tool of this size; baselines are the largest.
const MOST_BYTES: u64 = 16 << 20;
/// Nobody names more.
const MOST_FILES: usize = 100;

/// Writes a configuration that says what those of other linters say.
pub(crate) fn run(arguments: &MigrateArguments) -> Result<u8> {
    let inputs = if arguments.files.is_empty() { found()? } else { named(&arguments.files)? };
    let held = config::held(Path::new("."));
    if !arguments.stdout {
        fresh::verify(held.as_deref(), arguments.force, "careen migrate")?;
    }
    let linters = Linters::default();
    let rules = careen_engine::rules(&linters.all());
    let migration = migrate(&inputs, &rules);
    let sources: Vec<&str> = inputs.iter().map(|input| input.path.as_str()).collect();
    let text = migration.to_yaml(&sources);
    if arguments.stdout {
        crate::print(text.as_bytes())?;
    } else if migration.is_empty() {
        complain("nothing of it can be taken over, so no configuration was written");
    } else {
        let path = fresh::write(Path::new(""), &text)?;
        complain(&format!("{}: written from {}", path.display(), list(&sources)));
    }
    summary(&migration);
    if !arguments.stdout && !migration.is_empty() {
        complain("next:");
        complain("  careen config validate    whether the configuration holds");
        complain("  careen check              what is found with it");
    }
    Ok(0)
}

/// The usual names in the working folder.
fn found() -> Result<Vec<Input>> {
    // What is no file of its own could lead anywhere.
    let is_file = |name: &str| fs::symlink_metadata(name).is_ok_and(|it| it.is_file());
    let names = NAMES.iter().filter(|(name, _)| is_file(name));
    let inputs: Vec<_> =
        names.map(|(name, tool)| read(Path::new(name), Some(*tool))).collect::<Result<_>>()?;
    if inputs.is_empty() {
        let known: Vec<_> = NAMES.iter().map(|(name, _)| *name).collect();
        bail!(
            "no configuration of another linter is in the working folder: name its files, or go \
             where one of these is: {}",
            known.join(", ")
        );
    }
    Ok(inputs)
}

fn named(paths: &[PathBuf]) -> Result<Vec<Input>> {
    if paths.len() > MOST_FILES {
        bail!("more than {MOST_FILES} files are named: nobody has so many configurations");
    }
    paths.iter().map(|path| read(path, None)).collect()
}

fn read(path: &Path, tool: Option<Tool>) -> Result<Input> {
    let shown = path.display().to_string();
    let context = || format!("cannot read {shown}");
    let bytes = read_at_most(path, MOST_BYTES).with_context(context)?;
    if bytes.len() as u64 > MOST_BYTES {
        bail!("{shown} is larger than {} MiB: that is no configuration", MOST_BYTES >> 20);
    }
    let Ok(text) = String::from_utf8(bytes) else {
        bail!("{shown} is not text in UTF-8: that is no configuration");
    };
    let Some(tool) = tool.or_else(|| Tool::of(&shown, &text)) else {
        let known: Vec<_> = NAMES.iter().map(|(name, _)| *name).collect();
        bail!(
            "{shown} is the configuration of no linter that Careen knows. It reads files like these, \
             by their name or their keys: {}",
            known.join(", ")
        );
    };
    Ok(Input { path: shown, text, tool, at_root: is_honoured(path) })
}

/// Whether `careen check` reads the file itself: by its name, at the root of the repository.
fn is_honoured(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let folder = fs::canonicalize(path).ok().and_then(|path| path.parent().map(Path::to_path_buf));
    let base = exclude::base(&[path.to_path_buf()]).ok().map(|(base, _)| base);
    name.is_some_and(|name| FOREIGN_FILES.contains(&name)) && folder.is_some() && folder == base
}

/// Every word and what became of it.
fn summary(migration: &Migration) {
    part(migration, Fate::is_taken, "taken over");
    part(migration, Fate::is_honoured, "read by `careen check` as it is");
    part(migration, Fate::is_left, "not taken over");
    if migration.more > 0 {
        complain(&format!("and {} more that are not listed", migration.more));
    }
}

fn part(migration: &Migration, fate: fn(&Fate) -> bool, title: &str) {
    let items: Vec<&Item> = migration.with(fate).collect();
    if items.is_empty() {
        return;
    }
    complain(&format!("{} {title}:", items.len()));
    for item in items {
        let line = format!("{} {}: {}", item.origin, item.what, item.fate.text());
        complain(&format!("  {}", sanitize_line(&line)));
    }
}

fn list(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| sanitize_line(name).into_owned()).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}
