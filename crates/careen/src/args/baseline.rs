use clap::{Args, ValueEnum};

use super::CheckArguments;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BaselineAction {
    /// Writes a new baseline of all findings.
    Create,
    /// Takes new findings in, and those out that are mended.
    Update,
    /// Takes findings out that are mended, and none in.
    Prune,
}

#[derive(Args, Debug)]
pub(crate) struct BaselineArguments {
    /// What to do.
    pub(crate) action: BaselineAction,
    /// Why the findings that are taken in are accepted: stands in the baseline and in reports.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// With `create`: replaces a baseline that is there.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) check: CheckArguments,
}
