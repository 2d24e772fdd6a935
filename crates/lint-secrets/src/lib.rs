//! Finds secrets.
//!
//! One vectorised pass over a text finds anchors; hand-written readers look at what stands around
//! them: tokens of providers by their form and checksum, values given to secret-like names,
//! private keys, credentials in URLs and headers. Nothing here reads a file, and no secret leaves
//! this crate except as a span.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod ahead;
mod anchors;
mod assign;
mod bare_key;
mod catalogue;
mod charset;
mod check;
mod checksum;
mod command;
mod connection;
mod context;
mod date;
mod decode;
mod dockerfile;
mod files;
mod filler;
mod header;
mod hit;
mod inside;
mod judges;
mod linter;
mod manifest;
mod pair;
mod pem;
mod readers;
mod report;
mod rules;
mod scan;
mod shape;
mod shell;
mod signed_url;
mod store;
mod surroundings;
mod tree;
mod url;
mod web_token;
mod words;

pub use linter::SecretsLinter;

use check::Check;

#[cfg(test)]
mod tests;
