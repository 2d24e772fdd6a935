//! Signatures of a Sigstore in miniature, found in a repository in memory.

mod bundles;
mod discovery;
mod forgery;
mod hostile;
mod policy;
mod sources;
mod verdicts;
mod world;
