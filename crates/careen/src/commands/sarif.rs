//! `careen sarif merge`: logs of any tools made one.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use careen_report::{Input, MergeOptions, Merged, merge};
use careen_text::sanitize_line;

use crate::args::{MergeArguments, SarifAction};
use crate::files::read_at_most;
use crate::linters::Linters;

/// Messages about one merge; the rest is counted.
const MAX_TOLD: usize = 50;

pub(crate) fn run(action: &SarifAction) -> Result<u8> {
    match action {
        SarifAction::Merge(arguments) => run_merge(arguments),
    }
}

/// Merges, writes and judges. Ends with 2 where a file is no SARIF or a tool says that it failed.
fn run_merge(arguments: &MergeArguments) -> Result<u8> {
    verify(arguments)?;
    let inputs = read_all(&arguments.files)?;
    let linters = Linters::with(&[]);
    let rules = careen_engine::rules(&linters.all());
    let merged = merge(
        inputs,
        &MergeOptions {
            roots: &roots(),
            rules: &rules,
            fail_on: arguments.fail_on,
            show_suppressed: arguments.show_suppressed,
        },
    );
    write(&merged, arguments.output.as_deref())?;
    tell(&merged, arguments);
    Ok(if !merged.incomplete.is_empty() {
        crate::FAILURE
    } else {
        u8::from(merged.failing > 0 && !arguments.exit_zero)
    })
}

/// Refuses to write over what is to be read.
fn verify(arguments: &MergeArguments) -> Result<()> {
    let Some(output) = arguments.output.as_deref() else { return Ok(()) };
    if output.as_os_str() == "-" {
        bail!("`--output` writes a file: leave it out for standard output");
    }
    let Ok(real) = output.canonicalize() else { return Ok(()) };
    let same = |file: &&PathBuf| file.canonicalize().is_ok_and(|file| file == real);
    if arguments.files.iter().any(|file| same(&file)) {
        bail!("`--output` would overwrite {}, which is to be read", output.display());
    }
    Ok(())
}

/// Reads all files, and tells of each that cannot be.
fn read_all(files: &[PathBuf]) -> Result<Vec<Input>> {
    let mut inputs = Vec::with_capacity(files.len());
    let mut failures = Vec::new();
    for path in files {
        match read(path) {
            Ok(input) => inputs.push(input),
            Err(error) => failures.push(format!("{error:#}")),
        }
    }
    if !failures.is_empty() {
        bail!("{}", failures.join("\nerror: "));
    }
    Ok(inputs)
}

fn read(path: &Path) -> Result<Input> {
    let name = path.display().to_string();
    let bytes = read_at_most(path, careen_sarif::MAX_BYTES)
        .with_context(|| format!("cannot read {name}"))?;
    if bytes.len() as u64 > careen_sarif::MAX_BYTES {
        bail!("{name} is larger than {} MiB: split it by tool", careen_sarif::MAX_BYTES >> 20);
    }
    let log = careen_sarif::read(&bytes).with_context(|| format!("{name} is no SARIF log"))?;
    Ok(Input { name, log })
}

/// The root of the repository that the working folder is in, else that folder: as it is, and as it is
/// called here if that is by a link.
fn roots() -> Vec<String> {
    let Ok(working) = std::env::current_dir() else { return Vec::new() };
    let named = crate::environment("PWD").map(PathBuf::from);
    let real = fs::canonicalize(&working).ok();
    let same = named.filter(|named| fs::canonicalize(named).ok() == real);
    let folders = [real, Some(working), same].into_iter().flatten();
    let mut roots: Vec<String> = folders
        .filter_map(|folder| {
            let repository = folder.ancestors().find(|folder| folder.join(".git").exists());
            let root = repository.unwrap_or(&folder).to_str()?;
            Some(root.replace(std::path::MAIN_SEPARATOR, "/"))
        })
        .collect();
    roots.dedup();
    roots
}

fn write(merged: &Merged, output: Option<&Path>) -> Result<()> {
    let Some(path) = output else {
        let mut out = Vec::new();
        merged.write(&mut out)?;
        return crate::print(&out);
    };
    let shown = path.display();
    let file = File::create(path).with_context(|| format!("cannot write {shown}"))?;
    let mut file = BufWriter::new(file);
    merged
        .write(&mut file)
        .and_then(|()| file.flush())
        .with_context(|| format!("cannot write {shown}"))
}

/// Says on standard error what was done: standard output may be the log.
fn tell(merged: &Merged, arguments: &MergeArguments) {
    let failures = merged.incomplete.iter().map(|line| format!("error: {line}"));
    let warnings = merged.warnings.iter().map(|line| format!("warning: {line}"));
    for line in failures.chain(warnings).take(MAX_TOLD) {
        crate::complain(&sanitize_line(&line));
    }
    let more = (merged.incomplete.len() + merged.warnings.len()).saturating_sub(MAX_TOLD);
    if more > 0 {
        crate::complain(&format!("warning: {more} more of these"));
    }
    for line in merged.summary() {
        crate::complain(&sanitize_line(&line));
    }
    let fail_on = arguments.fail_on;
    crate::complain(&match merged.failing {
        0 => format!("nothing at or above {fail_on}"),
        failing => format!("{failing} at or above {fail_on}"),
    });
}
