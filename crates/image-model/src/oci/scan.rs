use super::Digest;

/// A report of a vulnerability scanner about an image.
#[derive(Clone, Debug, Default)]
pub struct ScanReport {
    /// The scanner, such as `trivy`.
    pub scanner: String,
    /// Digests of the manifest or index that it says it looked at.
    pub digests: Vec<Digest>,
}
