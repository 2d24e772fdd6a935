use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `careen sign-off`.
#[derive(Debug, Args)]
pub(crate) struct SignOffArguments {
    /// The control.
    pub(crate) control: String,
}

/// `careen waive`.
#[derive(Debug, Args)]
pub(crate) struct WaiveArguments {
    /// The control.
    pub(crate) control: String,
}

/// `careen evidence`.
#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceAction {
    /// Records a report: its digest, and the commit and content it speaks of.
    Add {
        /// The report.
        file: PathBuf,
    },
}
