//! The client against a registry that misbehaves as it is told, and against a real one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a failed test is meant to panic"
)]

mod blobs;
mod documents;
#[cfg(unix)]
mod helpers;
mod login;
mod mirrors;
mod offline;
mod patience;
mod real;
mod referrers;
mod support;
