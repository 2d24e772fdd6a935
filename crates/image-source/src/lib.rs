//! Reads container images: OCI layouts, archives, layers.
