use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct ManArguments {
    /// The command to write the page of, such as `baseline create`; without one, the page of all.
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    pub(crate) command: Vec<String>,
    /// Writes the pages of all commands into a folder: careen.1, careen-check.1 and so on.
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
