mod audit;
mod baseline;
mod check;
mod configuration;
mod evidence;
mod man;
mod sarif;
mod sign_off;
mod verify_bundle;
mod waive;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use self::audit::{AuditAction, AuditArguments, AuditFormat, PhaseArgument};
pub(crate) use self::baseline::{BaselineAction, BaselineArguments};
pub(crate) use self::check::{CheckArguments, When};
pub(crate) use self::configuration::{
    ConfigAction, InitArguments, MigrateArguments, RageArguments,
};
pub(crate) use self::evidence::{EvidenceAction, EvidenceAddArguments, EvidenceListArguments};
pub(crate) use self::man::ManArguments;
pub(crate) use self::sarif::{MergeArguments, SarifAction};
pub(crate) use self::sign_off::{SignOffArguments, SigningArguments};
pub(crate) use self::verify_bundle::VerifyBundleArguments;
pub(crate) use self::waive::WaiveArguments;

/// Inspects a repository before it sails: Kubernetes manifests, Dockerfiles, secrets and TLS
/// certificates in one parallel pass.
#[derive(Debug, Parser)]
#[command(name = "careen", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Checks files, folders or standard input.
    Check(Box<CheckArguments>),
    /// Writes down the findings there are, so that `check --baseline FILE` tells new ones only.
    Baseline(Box<BaselineArguments>),
    /// Answers every line of a production checklist with evidence: GO or NO-GO.
    Audit(Box<AuditArguments>),
    /// Signs that a control holds.
    SignOff(Box<SignOffArguments>),
    /// Says that somebody answers for going without a control until a day.
    Waive(Box<WaiveArguments>),
    /// Records reports as evidence for `careen audit`.
    Evidence {
        /// What to do.
        #[command(subcommand)]
        action: EvidenceAction,
    },
    /// Shows the manual page of a rule.
    Explain {
        /// The rule: its id, an alias, or the name a peer has for it.
        rule: String,
    },
    /// Lists every rule.
    #[command(args_conflicts_with_subcommands = true)]
    Rules {
        /// What to do instead of listing them.
        #[command(subcommand)]
        action: Option<RulesAction>,
        /// How to write the list.
        #[arg(long, value_enum, default_value = "text")]
        format: ListFormat,
        /// Also lists the checks of other tools that each rule covers.
        #[arg(long)]
        peers: bool,
    },
    /// Checks a Sigstore bundle over a file or a digest: the signature, who made it, the logs and
    /// the time.
    VerifyBundle(Box<VerifyBundleArguments>),
    /// Shows the configuration, looks for mistakes in it, or writes its schema.
    Config {
        /// What to do.
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Looks at the repository and writes a configuration with comments.
    Init(InitArguments),
    /// Writes a configuration that says what those of other linters say.
    Migrate(MigrateArguments),
    /// Works on SARIF files.
    Sarif {
        /// What to do.
        #[command(subcommand)]
        action: SarifAction,
    },
    /// Serves an editor over standard input and output (Language Server Protocol).
    Lsp {
        /// What it does anyway: many editors give this argument to every server.
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Collects what a bug report needs, and no secret.
    Rage(RageArguments),
    /// Writes shell completions.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Writes manual pages, for `man`.
    Man(ManArguments),
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesAction {
    /// Runs the examples of your own detectors of secrets.
    Test {
        /// Files and folders of detectors. Without one, those of the configuration.
        paths: Vec<PathBuf>,
    },
    /// Writes the manual as a folder of Markdown, a page a rule.
    Pages {
        /// The folder; what is there under the same names is replaced.
        folder: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ListFormat {
    /// A line a rule.
    Text,
    /// Everything, for programs.
    Json,
}
