//! Reads container images from registries: the OCI distribution API behind
//! [`ImageSource`](careen_image_source::ImageSource).
//!
//! Blocking outside, one current-thread runtime inside. Everything that a registry says is
//! hostile: documents and blobs are bounded and verified, redirects and token realms are judged
//! before they are followed, credentials go to the host they were stored for and to nobody else,
//! and messages carry no address with a query, no token and no text that a server chose.
//!
//! The environment is not read here: paths of credentials, caches and certificates are handed in.

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
mod authorize;
mod blob;
mod cache;
mod challenge;
mod client;
mod clock;
mod credentials;
mod link;
mod options;
mod origin;
mod record;
mod referrers;
mod registry;
mod retry;
mod source;
mod trouble;

pub use clock::{Clock, SystemClock};
pub use credentials::Credentials;
pub use options::Options;
pub use registry::Registry;
pub use source::RegistrySource;
