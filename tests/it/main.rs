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
mod cli;
mod configuration;
mod fix;
mod fixtures;
mod formats;
mod git;
mod harness;
mod history;
mod hostile;
mod images;
mod images_mutation;
mod leaks;
mod material;
mod mutation;
mod openssl;
mod peers;
mod profiles;
mod registry;
mod sarif;
mod suppression;
mod verify_bundle;
