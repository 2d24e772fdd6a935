//! End-to-end tests over the real executable. Everything runs at the tests' own clock.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests: a panic is how they fail, and a skipped one says so"
)]

mod accepted;
#[cfg(unix)]
mod action;
mod attest;
mod audit;
mod bind;
mod cache;
mod cli;
mod config_command;
mod configuration;
#[cfg(unix)]
mod distribution;
mod docs;
mod evidence;
mod extend;
mod fix;
mod fixtures;
mod formats;
mod git;
mod harness;
mod history;
#[cfg(unix)]
mod hooks;
mod hostile;
mod html;
mod identity;
mod ignore_list;
mod images;
mod images_mutation;
mod init;
mod leaks;
mod lsp;
mod material;
mod migrate;
mod mutation;
mod observability;
mod openssl;
mod overrides;
mod peers;
mod profiles;
mod rage;
mod registry;
mod release;
mod sarif;
mod sarif_fixes;
mod sarif_merge;
mod schema;
mod signing;
mod suppression;
mod verify_bundle;
#[cfg(unix)]
mod wheel;
