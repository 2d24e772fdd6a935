//! The parsed repository.
//!
//! [`parse`] turns one source into a [`File`]: its objects, its Dockerfile, its certificates and
//! keys; [`named_images`] finds the images it names. A [`Snapshot`] holds all files that matter together with the relations between them. A
//! [`Linter`] reads both and reports; it never reads a file, never looks at a clock, and knows no
//! other linter. Everything here is immutable once built.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod bundle;
mod class;
mod document;
mod encoded;
mod file;
mod images;
mod index;
mod kustomize;
mod linter;
pub mod monitors;
mod named;
mod snapshot;
mod stores;

pub use careen_kube_model::KubernetesVersion;
pub use careen_x509_model::is_binary_material;

pub use bundle::{Bundle, Holder};
pub use class::{FileKind, PathClass, file_kind, path_class};
pub use document::{Document, document};
pub use file::{File, of_image, parse, parse_material};
pub use images::{
    IMAGES_MAX, ImageFile, ImageHolder, NamedImage, images_of_dockerfile, named_images,
};
pub use linter::{Context, Linter, Pki, SnapshotCheck};
pub use named::named_references;
pub use snapshot::{ObjectRef, Place, Snapshot, namespaces_agree};
pub use stores::{Store, StoreForm, StoreKind, store_of_image, stores};
