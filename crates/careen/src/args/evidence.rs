use std::path::PathBuf;

use careen_evidence::{Kind, Measure, Scale};
use clap::{Args, Subcommand};

use super::ListFormat;

/// `careen evidence`.
#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceAction {
    /// Records reports: their digests, and the commit and content they speak of.
    ///
    /// Each report is read first; one that cannot be read is no evidence, and nothing is recorded then.
    /// The records stand in `.careen/evidence.yaml` of the audited folder, which is kept in Git.
    Add(Box<EvidenceAddArguments>),
    /// Lists the records and what their reports say.
    ///
    /// Ends with 1 if a report is missing, was changed after it was recorded, or cannot be read.
    List(EvidenceListArguments),
}

#[derive(Args, Debug)]
pub(crate) struct EvidenceAddArguments {
    /// The reports, which lie in the audited folder.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The audited folder.
    #[arg(long = "in", value_name = "FOLDER", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// What the tests are: `unit`, `integration`, `e2e`, `smoke`.
    #[arg(long, value_name = "NAME")]
    pub(crate) suite: Option<String>,
    /// Where the report was made: `staging`.
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// The format, if it is not to be told by the content.
    #[arg(long, value_parser = kind)]
    pub(crate) kind: Option<Kind>,
    /// When the report was made, as 2026-11-25T10:00:00Z, if it does not say so itself.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) produced_at: Option<i64>,
    /// The commit the report speaks of, as an id. Without it, the one that is checked out.
    #[arg(long, value_name = "ID", conflicts_with = "no_commit")]
    pub(crate) commit: Option<String>,
    /// Records no commit: the report speaks of the running system, or says its commit itself.
    #[arg(long)]
    pub(crate) no_commit: bool,
    /// The content the report speaks of, as `sha256:` and its digits.
    #[arg(long, value_name = "DIGEST")]
    pub(crate) tree: Option<String>,
    /// What a number of Prometheus measures: `p99`, `error-rate`.
    #[arg(long, value_parser = measure)]
    pub(crate) measure: Option<Measure>,
    /// The unit of that number: `seconds`, `milliseconds`, `ratio` or `percent`.
    #[arg(long, requires = "measure", value_parser = unit)]
    pub(crate) unit: Option<Scale>,
}

#[derive(Args, Debug)]
pub(crate) struct EvidenceListArguments {
    /// The audited folder.
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
    /// How to write the list.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: ListFormat,
}

fn kind(word: &str) -> Result<Kind, String> {
    of_list(word, &Kind::ALL.map(Kind::as_str))
}

fn measure(word: &str) -> Result<Measure, String> {
    of_list(word, &Measure::ALL.map(Measure::as_str))
}

fn unit(word: &str) -> Result<Scale, String> {
    of_list(word, &Scale::ALL.map(Scale::as_str))
}

fn of_list<T: std::str::FromStr>(word: &str, words: &[&str]) -> Result<T, String> {
    word.parse().map_err(|_| match careen_text::closest(word, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", words.join(", ")),
    })
}

fn moment(word: &str) -> Result<i64, String> {
    crate::moment::parse(word).ok_or_else(|| "write 2026-11-25T10:00:00Z".to_owned())
}
