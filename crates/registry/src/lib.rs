//! Reads container images from registries.
