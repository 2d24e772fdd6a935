//! A check of a folder for commands that report something else than its findings.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Result, bail};
use careen_model::Linter;
use careen_rule::Report;
use clap::Parser;

use crate::accepted;
use crate::args::{Arguments, CheckArguments, Command};
use crate::plan::{Plan, options};
use crate::progress::Meter;

/// What `careen check PATH` is told.
pub(crate) fn arguments(path: Option<&Path>) -> Result<CheckArguments> {
    let mut words: Vec<OsString> = ["careen", "check", "--"].map(Into::into).into();
    words.extend(path.map(|path| path.as_os_str().to_owned()));
    match Arguments::try_parse_from(words) {
        Ok(Arguments { command: Command::Check(arguments) }) => Ok(*arguments),
        _ => bail!("the path cannot be checked"),
    }
}

/// Checks, with one more linter that sees every file.
pub(crate) fn report(
    arguments: &CheckArguments,
    plan: &Plan,
    more: Option<&dyn Linter>,
) -> Result<Report> {
    let (ledger, notes) = accepted::load(arguments, &plan.loaded)?;
    let meter = Meter::start();
    let own = plan.linters.all();
    let linters: Vec<&dyn Linter> = own.into_iter().chain(more).collect();
    let report = plan.engine(arguments, &linters, &ledger, &meter).check(&options(arguments));
    meter.finish();
    let mut report = report?;
    report.notes.extend(notes);
    report.notes.sort();
    Ok(report)
}
