use std::path::PathBuf;

use careen_rule::Severity;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum SarifAction {
    /// Joins SARIF files of any tools into one that hosts take, and judges it by one gate.
    ///
    /// There is one run for each tool and category. Files are named relative to the root of the
    /// repository, what is said twice is said once, what careen tells too is a mark on its result, and
    /// no line that a secret scanner quotes is taken over. Results that are suppressed, gone since the
    /// baseline, or no failures neither count nor stay.
    Merge(MergeArguments),
}

#[derive(Args, Debug)]
pub(crate) struct MergeArguments {
    /// The files: SARIF 2.1.0, as JSON.
    #[arg(required = true, value_name = "FILE")]
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
    /// Keeps suppressed results, marked as such. They do not count.
    #[arg(long)]
    pub(crate) show_suppressed: bool,
}

fn severity(text: &str) -> Result<Severity, String> {
    text.parse()
}
