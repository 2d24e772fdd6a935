//! The commands, one a file.

pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod explain;
pub(crate) mod init;
pub(crate) mod lsp;
pub(crate) mod man;
pub(crate) mod migrate;
pub(crate) mod pages;
pub(crate) mod rage;
pub(crate) mod rules;
pub(crate) mod sarif;
pub(crate) mod verify_bundle;
