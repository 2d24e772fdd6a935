use std::path::PathBuf;

use super::ListFormat;
use clap::{Args, Subcommand, ValueEnum};

/// `careen audit`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct AuditArguments {
    /// What to do instead.
    #[command(subcommand)]
    pub(crate) action: Option<AuditAction>,
    /// The folder that is released.
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// The checklist, in Markdown. Without one, that of the configuration, else careen's own.
    #[arg(long, value_name = "FILE")]
    pub(crate) checklist: Option<PathBuf>,
    /// Bindings of the checklist's items, in YAML. Without one, `NAME.careen.yaml` beside it.
    #[arg(long, value_name = "FILE")]
    pub(crate) bindings: Option<PathBuf>,
    /// Reports: files and folders, besides `.careen/evidence`.
    #[arg(long, value_name = "PATH")]
    pub(crate) evidence: Vec<PathBuf>,
    /// Who may sign: an `allowed_signers` file. Without one, `.careen/allowed_signers`.
    #[arg(long, value_name = "FILE")]
    pub(crate) signers: Option<PathBuf>,
    /// What can be known already: items of later phases do not hold the release up.
    #[arg(long, value_enum, default_value = "before")]
    pub(crate) phase: PhaseArgument,
    /// The version that is released. Without one, what the repository says.
    #[arg(long, value_name = "VERSION")]
    pub(crate) release: Option<String>,
    /// Tells what changed since that revision.
    #[arg(long, value_name = "REVISION")]
    pub(crate) since: Option<String>,
    /// Tells what changed since that audit, as `--format json` wrote it.
    #[arg(long, value_name = "FILE")]
    pub(crate) compare: Option<PathBuf>,
    /// Ticks what is proven in the checklist, and writes evidence below it.
    #[arg(long)]
    pub(crate) write: bool,
    /// Fails if `--write` would change the checklist.
    #[arg(long, conflicts_with = "write")]
    pub(crate) check: bool,
    /// Shows everything that the text leaves out: every line, every cause, whole digests.
    #[arg(long)]
    pub(crate) full: bool,
    /// How to write the report to standard output.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: AuditFormat,
    /// Also writes a report to a file: `FORMAT=PATH`. May be repeated.
    #[arg(long, value_name = "FORMAT=PATH")]
    pub(crate) output: Vec<String>,
    /// The moment to judge at, as `2026-11-22T00:00:00Z`.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// The configuration.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// What else `careen audit` does.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditAction {
    /// Proposes what decides each unbound item of a checklist.
    Bind {
        /// The checklist.
        file: PathBuf,
        /// Writes the proposals into the file as comments.
        #[arg(long)]
        write: bool,
        /// Leaves out proposals that are less sure than this, between 0 and 1.
        #[arg(long, value_name = "CONFIDENCE", default_value = "0.5")]
        at_least: f64,
    },
    /// Lists the controls and what decides each.
    Controls {
        /// How to write the list.
        #[arg(long, value_enum, default_value = "text")]
        format: ListFormat,
    },
}

/// See [`careen_audit_model::Phase`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PhaseArgument {
    /// Before the deployment.
    Before,
    /// After it.
    After,
}

/// How an audit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// For people at a terminal.
    Text,
    /// The versioned contract `careen-audit/1`.
    Json,
    /// Markdown, for a summary or a comment.
    Markdown,
    /// One page for people, without network or script.
    Html,
    /// JUnit XML, a case a control.
    Junit,
    /// SARIF 2.1.0 of what fails.
    Sarif,
    /// OSCAL assessment results, JSON.
    Oscal,
    /// An in-toto statement with a verification summary, unsigned.
    Vsa,
}
