//! Development only: runs the examples in rules' documentation, makes certificates and images from
//! recipes, signs like Sigstore, serves like a registry, and holds the one clock of all tests.
//!
//! A failed expectation panics: that is how a test fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "this crate runs inside tests only, where a panic is the answer"
)]

mod caret;
mod certificates;
mod examples;
pub mod images;
mod programs;
pub mod registry;
mod run;
pub mod sigstore;
mod xorshift;

pub use careen_engine::{ImageInput, Input};
pub use certificates::{Blobs, make, substitute};
pub use examples::check_examples;
pub use programs::is_there;
pub use run::{check, check_files, check_image, check_with};
pub use xorshift::{Xorshift, mutate};

/// The clock of all tests: 2026-12-01T00:00:00Z.
pub const NOW: i64 = 1_796_083_200;

/// Base64, as docker writes a name and a password.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}
