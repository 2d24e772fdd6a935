//! The only room that reads files: finds what is to be checked and reads it, within limits. Also
//! the only one that changes them, when the user asks for fixes: [`Listing::replace`].
//!
//! [`discover`] turns the user's roots and selection into a sorted [`Listing`]; [`open`] gives a
//! [`Reader`] that hands out the content of one [`Entry`] after the other into a buffer of the
//! caller. [`history`] lists every version of every file that Git knows. No process is started, no symbolic link inside a root is followed, nothing but a regular
//! file is opened, and whatever is passed over for a reason the user may not know is a note.
//! What a file *is* (a manifest, a certificate, a test fixture) is not decided here.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod changes;
mod compare;
mod discover;
mod error;
mod exclude;
mod git;
mod history;
mod listing;
mod notes;
mod options;
mod past;
mod read;
mod root;
mod standing;
#[cfg(test)]
mod tests;
mod walk;
mod write;

pub use discover::discover;
pub use error::Error;
pub use history::{Blob, CommitRef, Content, History, Watch, history};
pub use listing::{Entry, Listing};
pub use options::{Limits, Options, Selection};
pub use read::{Outcome, Reader, START, open, outcome_of};
pub use standing::{Commit, Release, Standing, commits_since, same_content, standing};
pub use write::WriteError;
