//! Verifies signatures and attestations of container images.
