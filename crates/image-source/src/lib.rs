//! Where built images lie, behind one trait: OCI layouts, archives, and memory for tests.
//! Registries are in `careen-registry`.
//!
//! [`ImageSource`] hands out documents and blobs by digest, and nothing whose bytes are not those
//! that the digest names. [`prepare`] chooses the image, [`walk_layer`] streams one layer without
//! unpacking it, [`finish`] puts the [`Image`](careen_image_model::oci::Image) together; the engine
//! walks the layers in parallel.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod limits;
mod memory;
mod source;
mod verify;

pub use limits::Limits;
pub use memory::MemorySource;
pub use source::{Blob, ImageSource, Root, SourceError};
pub use verify::{Hasher, Verified, digest_of};
