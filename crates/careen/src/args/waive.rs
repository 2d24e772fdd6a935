use careen_rule::Day;
use clap::Args;

use super::sign_off::{SigningArguments, day};

/// `careen waive`.
#[derive(Args, Debug)]
pub(crate) struct WaiveArguments {
    /// The control that you go without, such as `autoscaling`.
    pub(crate) control: String,
    /// Who answers for it. To sign, the principal in the file of allowed signers.
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: String,
    /// Why it is acceptable.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// What is done instead.
    #[arg(long, value_name = "TEXT")]
    pub(crate) compensating: String,
    /// The last day on which it holds, at most 366 days ahead.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) expires: Day,
    #[command(flatten)]
    pub(crate) signing: SigningArguments,
}
