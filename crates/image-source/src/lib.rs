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

mod decompress;
mod docker_archive;
mod header;
mod layout;
mod limits;
mod memory;
mod open;
mod pax;
mod read;
mod source;
mod store;
mod tape;
mod verify;
mod walk;

pub use docker_archive::DockerArchiveSource;
pub use layout::LayoutSource;
pub use limits::Limits;
pub use memory::MemorySource;
pub use open::{Scheme, open};
pub use read::{Prepared, Selection, finish, prepare};
pub use source::{Blob, ImageSource, Root, SourceError};
pub use verify::{Hasher, Verified, digest_of};
pub use walk::{LayerFile, walk_layer};
