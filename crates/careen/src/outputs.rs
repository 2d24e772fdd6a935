use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use careen_report::{Format, Options};
use careen_rule::{Report, Severity};

use crate::args::CheckArguments;
use crate::{complain, environment, host, terminal};

/// The format of standard output: the one that is asked for, or that suits whoever runs us.
pub(crate) fn format(arguments: &CheckArguments) -> Format {
    arguments.format.unwrap_or_else(host::format)
}

/// Every format that the report is written in.
pub(crate) fn formats(arguments: &CheckArguments) -> impl Iterator<Item = Format> {
    let files = arguments.output.iter().map(|output| output.format);
    files.chain([format(arguments)])
}

/// Refuses outputs that would destroy what is checked, or each other.
pub(crate) fn verify(arguments: &CheckArguments) -> Result<()> {
    let inputs: BTreeSet<PathBuf> =
        arguments.paths.iter().chain(&arguments.config).filter_map(|path| real(path)).collect();
    let mut outputs = BTreeSet::new();
    for output in &arguments.output {
        let shown = output.path.display();
        if output.path.as_os_str() == "-" {
            bail!("`--output` writes files: `--format` is for standard output");
        }
        let Some(path) = real(&output.path) else { continue };
        if inputs.contains(&path) {
            bail!("`--output` would overwrite {shown}, which is to be read");
        }
        // What is no regular file, such as a device, may be written to twice.
        let special = output.path.exists() && !output.path.is_file();
        if !outputs.insert(path) && !special {
            bail!("two reports cannot both be written to {shown}");
        }
    }
    Ok(())
}

/// The path without links, also of a file that is still to be made.
fn real(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok().or_else(|| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    })
}

/// Writes the report in every format that was asked for.
pub(crate) fn write(report: &Report, arguments: &CheckArguments, fail_on: Severity) -> Result<()> {
    let options = Options {
        show_suppressed: arguments.show_suppressed,
        full: arguments.full,
        sarif_category: arguments.sarif_category.clone(),
        sarif_fingerprints: arguments.sarif_fingerprint,
        fail_on,
        source_url: host::source_url(),
        exit_zero: arguments.exit_zero,
        ..Options::default()
    };
    for output in &arguments.output {
        let shown = output.path.display();
        let file = File::create(&output.path).with_context(|| format!("cannot write {shown}"))?;
        let mut file = BufWriter::new(file);
        careen_report::write(report, output.format, &options, &mut file)
            .and_then(|()| file.flush())
            .with_context(|| format!("cannot write {shown}"))?;
    }
    if formats(arguments).any(|format| format == Format::Github) {
        summarize(report, &options);
    }
    let look = terminal::look(arguments.color, arguments.hyperlinks);
    let options = Options {
        color: look.color,
        hyperlinks: look.hyperlinks,
        unicode: look.unicode,
        width: look.width,
        ..options
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written = careen_report::write(report, format(arguments), &options, &mut out)
        .and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

/// Bytes of a summary that are worth a report.
const LEAST_SUMMARY: usize = 4 << 10;

/// Appends the report to the summary of the step, if there is one. The annotations are there whatever
/// becomes of it, so a failure is told and ends nothing.
fn summarize(report: &Report, options: &Options) {
    let Some(path) = environment("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return;
    };
    if let Err(error) = append_summary(report, options, Path::new(&path)) {
        complain(&format!("warning: the summary of the step is not written: {error:#}"));
    }
}

fn append_summary(report: &Report, options: &Options, path: &Path) -> Result<()> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    let mut file = file.context("cannot open the file that GITHUB_STEP_SUMMARY names")?;
    // GitHub drops a summary that is too large, also what others wrote before.
    let taken = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let markdown_bytes = Options::STEP_SUMMARY_BYTES.saturating_sub(taken);
    if markdown_bytes < LEAST_SUMMARY {
        bail!("it is full");
    }
    let mut text = Vec::new();
    if taken > 0 {
        // What stands in front may not end its last paragraph.
        text.extend_from_slice(b"\n\n");
    }
    let options = Options { markdown_bytes: markdown_bytes - text.len(), ..options.clone() };
    careen_report::write(report, Format::Markdown, &options, &mut text)?;
    Ok(file.write_all(&text)?)
}
