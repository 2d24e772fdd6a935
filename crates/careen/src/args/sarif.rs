use std::path::PathBuf;

use careen_rule::Severity;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum SarifAction {
    /// Joins SARIF files of any tools into one, and judges them by one gate.
    Merge(MergeArguments),
}

#[derive(Args, Debug)]
pub(crate) struct MergeArguments {
    /// The files.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Writes the outcome into a file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The mildest severity that makes the run fail.
    #[arg(long, value_name = "SEVERITY", default_value = "low", value_parser = severity)]
    pub(crate) fail_on: Severity,
    /// Ends with 0 although there are results, for uploads.
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

fn severity(text: &str) -> Result<Severity, String> {
    text.parse()
}
