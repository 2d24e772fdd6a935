use careen_rule::Day;
use clap::{Args, ValueEnum};

use super::CheckArguments;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BaselineAction {
    /// Writes a new baseline of all findings.
    Create,
    /// Takes new findings in, and those out that are mended. Entries of what was moved or renamed are
    /// written anew.
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
    /// Who is to mend the findings that are taken in.
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// The last day on which the findings that are taken in are accepted, such as 2027-03-01. With
    /// `update`, entries whose day is over get it too.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) expires: Option<Day>,
    /// With `create`: replaces a baseline that is there.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) check: CheckArguments,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "write a day, such as 2027-03-01".to_owned())
}
