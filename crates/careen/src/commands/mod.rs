//! The commands, one a file.

pub(crate) mod audit;
pub(crate) mod baseline;
pub(crate) mod bind;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod evidence;
pub(crate) mod explain;
pub(crate) mod init;
pub(crate) mod lsp;
pub(crate) mod man;
pub(crate) mod migrate;
pub(crate) mod pages;
pub(crate) mod rage;
pub(crate) mod rules;
pub(crate) mod sarif;
pub(crate) mod sign_off;
pub(crate) mod verify_bundle;
pub(crate) mod waive;
