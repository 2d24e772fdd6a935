//! Answers questions about a running cluster.
//!
//! A [`Cluster`] is what `kubectl get … -o json` says, or what a client lists; a [`Probe`] asks it one question.
//! What was not asked of the cluster is not known, and an answer says so: an empty list of pods is not
//! the same as no list of pods.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod answer;
mod cluster;
mod probe;
mod questions;

pub use answer::{Answer, Problem};
pub use cluster::{Cluster, MOST_BYTES, MOST_OBJECTS, Trouble};
pub use probe::Probe;
