//! Bytes with a path.
//!
//! Everything Careen says points into a [`Source`]: a file's text with its path. A [`Span`] is a
//! byte range of it, a [`LineIndex`] turns spans into lines and columns, an [`Origin`] leads from
//! text that was decoded (a YAML scalar, base64, both) back to the bytes of the file, and
//! [`sanitize`] makes hostile text fit for a terminal,
//! and [`closest`] guesses what a misspelt word was meant to be. This crate knows no domain and does no I/O.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod base64;
mod closest;
mod line_index;
mod origin;
mod sanitize;
mod source;
mod span;

pub use base64::{Base64Problem, decode_base64};
pub use closest::closest;
pub use line_index::{LineIndex, Position};
pub use origin::{Derived, Mapping, Origin, Segment};
pub use sanitize::{sanitize, sanitize_line};
pub use source::{Encoding, Source};
pub use span::Span;
