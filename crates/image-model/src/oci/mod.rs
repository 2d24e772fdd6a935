//! What a built image says: the documents of the OCI image specification 1.1 and of Docker's
//! schema 2, its layers, and the evidence that belongs to it.
//!
//! Nothing here reads a file or asks a registry: `careen-image-source` hands the bytes over.

mod accounts;
mod config;
mod digest;
mod document;
mod evidence;
mod image;
mod json;
mod layer;
mod links;
mod merged;
mod moment;
mod os_release;
mod pattern;
mod predicate;
mod scan;

pub use accounts::{Account, Accounts, Password};
pub use config::{HistoryStep, ImageConfig, Variable};
pub use digest::Digest;
pub use document::{
    Descriptor, Document, DocumentError, Index, Manifest, Platform, parse_document,
};
pub use evidence::{
    Attestation, Claims, Covers, Evidence, Identity, Remote, RemoteError, Requirement, Signature,
    SignatureForm, Verdict,
};
pub use image::{Image, ImageProblem, IndexFacts, LayerText};
pub use layer::{Entry, EntryKind, Layer, LayerProblem, LayerProblemKind, Whiteout};
pub use merged::Merged;
pub use moment::{rfc3339_seconds, unix_seconds};
pub use os_release::OsRelease;
pub use pattern::covers;
pub use predicate::{Material, Package, PredicateKind, Provenance, Sbom};
pub use scan::{SCAN_MAX, ScanFinding, ScanReport, ScanSeverity, Statement};

/// Bytes of a manifest or an index: what registries accept.
pub const DOCUMENT_MAX: u64 = 4 << 20;
/// Bytes of a configuration.
pub const CONFIG_MAX: u64 = 8 << 20;
