use std::path::PathBuf;

use careen_rule::Day;
use clap::Args;

/// Days that a sign-off may hold by `--for`: ten years.
const MOST_DAYS: i64 = 3_653;

/// `careen sign-off`.
#[derive(Args, Debug)]
pub(crate) struct SignOffArguments {
    /// The control, such as `migrations-tested`; or `line-12` for a line of your own checklist that asks
    /// for a sign-off.
    pub(crate) control: String,
    /// As what you sign: `dba`, `security` and the like
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: String,
    /// Who you are: the principal in the file of allowed signers.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) by: String,
    /// What you state. Without it, what the control asks for.
    #[arg(long, value_name = "TEXT")]
    pub(crate) statement: Option<String>,
    /// States that it is not so.
    #[arg(long)]
    pub(crate) reject: bool,
    /// The last day on which it holds, such as 2027-03-01.
    #[arg(long, value_name = "DAY", value_parser = day, conflicts_with = "days")]
    pub(crate) expires: Option<Day>,
    /// How many days it holds from today, such as 90d.
    #[arg(long = "for", id = "days", value_name = "DAYS", value_parser = days)]
    pub(crate) days: Option<i64>,
    /// Files that you looked at; their digests are signed too.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) evidence: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) signing: SigningArguments,
}

/// What signing takes, whatever is signed.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("hand").required(true))]
pub(crate) struct SigningArguments {
    /// The audited folder.
    #[arg(long = "in", id = "folder", value_name = "FOLDER", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The SSH key to sign with: a private key, or a public one whose private half an agent or a device
    /// holds. `ssh-keygen` signs; Careen does not read the key.
    #[arg(long, value_name = "FILE", group = "hand")]
    pub(crate) key: Option<PathBuf>,
    /// Does not sign: what is written counts as claimed only.
    #[arg(long, group = "hand")]
    pub(crate) unsigned: bool,
    /// Who may sign; else `.careen/allowed_signers` in the audited folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) signers: Option<PathBuf>,
    /// Takes a control that Careen does not know: one of your own.
    #[arg(long)]
    pub(crate) own_control: bool,
    /// Replaces one that is there.
    #[arg(long)]
    pub(crate) force: bool,
    /// The moment it is given, such as 2026-11-25T10:00:00Z; else `SOURCE_DATE_EPOCH`, else now.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
}

/// Reads a day.
pub(super) fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "write a day, such as 2027-03-01".to_owned())
}

fn days(text: &str) -> Result<i64, String> {
    text.strip_suffix('d')
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok())
        .filter(|days| (1..=MOST_DAYS).contains(days))
        .ok_or_else(|| format!("write a number of days from 1d to {MOST_DAYS}d, such as 90d"))
}
