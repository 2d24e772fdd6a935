//! Image references, Dockerfiles with the shell text inside them, and what images are made of.
//!
//! [`reference`](mod@reference) takes an image reference apart, [`dockerfile`] turns a Dockerfile
//! into instructions and stages, [`dockerignore`] knows which files a build gets to see, [`shell`]
//! splits the text of `RUN` and its kin into commands; [`oci`] holds what a built image says:
//! manifest, configuration, layers, and the evidence that belongs to it. [`end_of_life`] knows until
//! when what is in an image gets updates. Every part keeps the byte span it stands at in the file.
//! Nothing here fails on bad input, judges what it read, or does I/O.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

pub mod dockerfile;
pub mod dockerignore;
pub mod end_of_life;
mod joined;
pub mod oci;
pub mod reference;
pub mod shell;
mod word;

pub use end_of_life::EndOfLife;
pub use joined::Joined;
pub use reference::ImageRef;
pub use word::{Pair, Word};
