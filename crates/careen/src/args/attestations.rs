use std::path::PathBuf;

use clap::Subcommand;

/// `careen evidence`.
#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceAction {
    /// Records a report: its digest, and the commit and content it speaks of.
    Add {
        /// The report.
        file: PathBuf,
    },
}
