//! SARIF 2.1.0, as far as code scanning reads it.
//!
//! Types for writing a log ([`Log`] down to [`Region`]), a tolerant reader of what other tools write
//! ([`read`]), the fingerprint GitHub tells alerts apart by ([`line_hashes`]) and file paths as URIs
//! ([`artifact_uri`]). The types say what the OASIS standard says; what a particular host wants of a
//! log is the business of whoever fills them. Nothing here knows a rule of ours, a finding or a file
//! system.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod line_hash;
mod location;
mod log;
mod outcome;
mod read;
mod rule;
mod taxonomy;
mod uri;

pub use line_hash::line_hashes;
pub use location::{ArtifactLocation, Location, LogicalLocation, PhysicalLocation, Region};
pub use log::{
    AutomationDetails, ColumnKind, Invocation, Log, Notification, Run, SCHEMA, Tool, ToolComponent,
    VERSION,
};
pub use outcome::{
    ArtifactChange, ArtifactContent, BaselineState, CodeFlow, Fix, Kind, Level, Message, Outcome,
    OutcomeHistory, OutcomeProperties, Replacement, Suppression, SuppressionKind,
    SuppressionStatus, ThreadFlow, ThreadFlowLocation,
};
pub use read::{MAX_BYTES, NotSarif, ReadLog, ReadRun, read};
pub use rule::{
    Configuration, DescriptorReference, MultiformatMessage, Precision, Problem,
    ReportingDescriptor, RuleProperties,
};
pub use taxonomy::{ComponentReference, Relationship, Taxon, TaxonReference, Taxonomy};
pub use uri::{artifact_uri, decoded};
