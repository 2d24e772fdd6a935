//! Writing an audit.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use careen_audit_model::Audit;
use careen_report::{AuditFormat as Format, Options, write_audit};
use clap::ValueEnum as _;

use crate::args::{AuditArguments, AuditFormat, When};
use crate::{host, terminal};

/// Refuses outputs that cannot be written, before the work is done.
pub(super) fn verify(arguments: &AuditArguments) -> Result<()> {
    let mut seen = BTreeSet::new();
    for output in &arguments.output {
        let (_, path) = parsed(output)?;
        if arguments.checklist.as_deref() == Some(&*path) {
            bail!("`--output` would overwrite {}, which is to be read", path.display());
        }
        if !seen.insert(path.clone()) {
            bail!("two reports cannot both be written to {}", path.display());
        }
    }
    Ok(())
}

/// Writes the audit in every format that was asked for.
pub(super) fn write(audit: &Audit, arguments: &AuditArguments) -> Result<()> {
    let options =
        Options { source_url: host::source_url(), full: arguments.full, ..Options::default() };
    for output in &arguments.output {
        let (format, path) = parsed(output)?;
        let shown = path.display();
        let file = File::create(&path).with_context(|| format!("cannot write {shown}"))?;
        let mut file = BufWriter::new(file);
        write_audit(audit, format, &options, &mut file)
            .and_then(|()| file.flush())
            .with_context(|| format!("cannot write {shown}"))?;
    }
    let look = terminal::look(When::Auto, When::Auto);
    let options = Options {
        color: look.color,
        hyperlinks: look.hyperlinks,
        unicode: look.unicode,
        width: look.width,
        ..options
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written =
        write_audit(audit, of(arguments.format), &options, &mut out).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

fn parsed(output: &str) -> Result<(Format, PathBuf)> {
    let known = || {
        let names: Vec<_> = AuditFormat::value_variants()
            .iter()
            .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
            .collect();
        names.join(", ")
    };
    let (name, path) = output
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or_else(|| anyhow!("`--output {output}`: write FORMAT=PATH, like html=audit.html"))?;
    let format = AuditFormat::from_str(name, true).map_err(|_| {
        anyhow!("`--output {output}`: no format is called `{name}`: use {}", known())
    })?;
    Ok((of(format), Path::new(path).to_owned()))
}

const fn of(format: AuditFormat) -> Format {
    match format {
        AuditFormat::Text => Format::Text,
        AuditFormat::Json => Format::Json,
        AuditFormat::Markdown => Format::Markdown,
        AuditFormat::Html => Format::Html,
        AuditFormat::Junit => Format::Junit,
        AuditFormat::Sarif => Format::Sarif,
        AuditFormat::Oscal => Format::Oscal,
        AuditFormat::Vsa => Format::Vsa,
    }
}
