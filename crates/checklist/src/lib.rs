//! Checklists in Markdown.
//!
//! [`parse`] finds the items, also nested ones and those inside fenced blocks, with their places and the
//! bindings that comments give them; [`Checklist::bind`] adds those of a sidecar; [`propose`] guesses by words
//! what an unbound item may mean; [`tick`] writes answers back and touches nothing else. This crate
//! decides nothing: what a binding names is looked up by the audit.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod annotate;
mod binding;
mod gather;
mod grammar;
mod item;
mod layout;
mod parse;
mod pattern;
mod propose;
mod sidecar;
mod stem;
mod tick;
mod words;
mod words_of;

pub use annotate::{Annotated, annotate};
pub use binding::{Binding, Demand};
pub use item::{Checklist, Item, Trouble};
pub use parse::parse;
pub use propose::{Candidate, Proposal, Proposer, propose};
pub use tick::{Answer, tick};
pub use words::words;
