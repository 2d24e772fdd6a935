//! Serves editors over the Language Server Protocol, version 3.17.
//!
//! [`serve`] speaks the protocol over two streams, [`run`] over a [`Connection`]. What is found, and
//! in which files, is told by a [`Checker`], which the caller brings: this crate opens no file and
//! knows no rule.
//!
//! Three threads work. One waits for messages and owns all state. One checks single documents: that
//! takes milliseconds and follows every keystroke. One checks whole folders, with the texts of open
//! documents in place of the files: that follows opening and saving, and every keystroke too where
//! a folder is small. Messages that wait are taken in before a check begins, so that of ten
//! keystrokes the last one is checked. No clock is involved.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod abilities;
mod actions;
mod checker;
mod comment;
mod completion;
mod diagnostic;
mod document;
mod encoding;
mod folder;
mod hover;
mod lane;
mod pieces;
mod server;
mod settings;
mod shown;
#[cfg(test)]
mod tests;
mod transport;
mod uri;

pub use checker::{Checker, Level, Outcome, Problem, Text};
pub use lsp_server::Connection;
pub use server::run;
pub use settings::{Moment, Scope, Settings};
pub use transport::serve;
