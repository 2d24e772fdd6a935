use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ListFormat;

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Shows what holds for a file: profile, rules and severities after all files of configuration.
    Show {
        /// The file or folder. Without one, the working folder.
        path: Option<PathBuf>,
        /// The configuration; else the nearest.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// How to write it.
        #[arg(long, value_enum, default_value = "text")]
        format: ListFormat,
        /// Text: lists every rule, also those that nobody but the rule itself has a say in.
        #[arg(long)]
        all: bool,
    },
    /// Looks for mistakes in the configuration; ends with 2 if there are any.
    Validate {
        /// The configuration; else the nearest.
        config: Option<PathBuf>,
    },
    /// Writes the JSON schema of `careen.yaml`.
    Schema,
}

#[derive(Args, Debug)]
pub(crate) struct InitArguments {
    /// The root of the repository. Without one, the working folder.
    pub(crate) path: Option<PathBuf>,
    /// Replaces a configuration that is there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Writes to standard output instead of `careen.yaml`.
    #[arg(long)]
    pub(crate) stdout: bool,
}

#[derive(Args, Debug)]
pub(crate) struct MigrateArguments {
    /// Configurations of other linters. Without one, those found in the working folder.
    pub(crate) files: Vec<PathBuf>,
    /// Replaces a configuration that is there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Writes to standard output instead of `careen.yaml`.
    #[arg(long)]
    pub(crate) stdout: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RageArguments {
    /// The repository. Without one, the working folder.
    pub(crate) path: Option<PathBuf>,
}
