//! Images as they lie in folders, in archives and in memory, good and bad.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

mod archives;
mod layers;
mod layouts;
mod mutation;
mod support;
