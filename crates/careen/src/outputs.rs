use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use careen_report::Format;
use careen_rule::{Report, Severity};

use crate::args::{CheckArguments, Color};

/// The format of standard output.
pub(crate) fn format(arguments: &CheckArguments) -> Format {
    arguments.format.unwrap_or(Format::Text)
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
    let mut options = careen_report::Options {
        show_suppressed: arguments.show_suppressed,
        full: arguments.full,
        sarif_category: arguments.sarif_category.clone(),
        sarif_fingerprints: arguments.sarif_fingerprint,
        fail_on,
        exit_zero: arguments.exit_zero,
        ..careen_report::Options::default()
    };
    for output in &arguments.output {
        let shown = output.path.display();
        let file = File::create(&output.path).with_context(|| format!("cannot write {shown}"))?;
        let mut file = BufWriter::new(file);
        careen_report::write(report, output.format, &options, &mut file)
            .and_then(|()| file.flush())
            .with_context(|| format!("cannot write {shown}"))?;
    }
    let stdout = std::io::stdout();
    let choice = anstream::AutoStream::choice(&stdout);
    options.color = match arguments.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => choice != anstream::ColorChoice::Never,
    };
    options.hyperlinks = options.color && stdout.is_terminal();
    options.unicode = stdout.is_terminal();
    let mut out = BufWriter::new(stdout.lock());
    let written = careen_report::write(report, format(arguments), &options, &mut out)
        .and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}
