//! Spanned, comment-keeping YAML and JSON tree with Kubernetes scalar typing.
//!
//! [`parse`] turns the text of a [`careen_text::Source`] into a [`Tree`]: every node carries the
//! exact bytes it was written with, comments are kept, aliases stay references, and a syntax error
//! costs one document, not the file. [`Node`] is a cheap view with Kubernetes semantics (go-yaml
//! v2.4 scalars, merge keys, last duplicate wins); [`de`] reads a node into any `serde` type and
//! reports unknown fields with their spans. JSON is read through the same door, being a subset.
//!
//! This crate does no I/O and knows no Kubernetes object.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod arena;
mod build;
pub mod de;
mod derive;
pub mod edit;
mod keys;
mod merge;
mod node;
mod scalar;
mod scan;
mod template;
mod tree;
mod walk;

pub use arena::{Kind, NodeId, Style};
pub use build::parse;
pub use merge::{Entries, Entry};
pub use node::{Items, Node};
pub use scalar::{Scalar, kubernetes_scalar};
pub use template::{Template, is_templated};
pub use tree::{Comment, Document, Limits, Problem, ProblemKind, Tree};
pub use walk::{Visit, Walk};
