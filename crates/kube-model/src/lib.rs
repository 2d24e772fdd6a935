//! Kubernetes objects as views over spanned trees.
//!
//! [`objects`] finds the objects of a file; an [`ObjectView`] reads one. [`PodTemplate`] and
//! [`Container`] are the pod of every workload kind, [`secret`], [`selector`], [`quantity`] and
//! [`refs`] give single parts of the API their meaning, and [`schema`] checks an object against the
//! API of a version of Kubernetes. Nothing is copied out of the tree but an object's names, so everything
//! read has its place in the file.
//!
//! The meaning is the API server's: a field that is `null` is a field that is absent, an empty
//! mapping is present. This crate judges nothing; rules do.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod container;
mod fragment;
mod labels;
mod node;
mod object;
mod pod;
mod port;
mod probe;
pub mod quantity;
pub mod refs;
pub mod schema;
mod scope;
pub mod secret;
pub mod selector;
mod template;
mod version;
mod view;
mod workload;

pub use container::{Container, Effective, EnvVar, Role};
pub use labels::{Label, Labels};
pub use node::{field, path, present, strings};
pub use object::{Object, looks_like_manifest, objects};
pub use pod::{Containers, PodPlace, PodTemplate, Volume};
pub use port::IntOrString;
pub use probe::{Probe, ProbeKind};
pub use quantity::{Quantity, QuantityProblem};
pub use refs::{Reference, ReferenceKind, references};
pub use scope::is_namespaced;
pub use secret::{Encoding, Secret, SecretEntry};
pub use selector::Selector;
pub use version::KubernetesVersion;
pub use view::{ObjectName, ObjectView};
pub use workload::Workload;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod testing;
