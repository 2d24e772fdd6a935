//! Bounds on hostile input. Reaching one is reported as a problem, never silently.

/// Most PEM blocks read from one text; what follows is left alone.
pub const MAX_BLOCKS: usize = 10_000;
/// Largest text between a BEGIN and an END line, in bytes.
pub const MAX_BLOCK_TEXT: usize = 1 << 20;
/// Largest certificate, in bytes of DER.
pub const MAX_CERTIFICATE: usize = 64 * 1024;
/// Largest private or public key, in bytes of DER.
pub const MAX_KEY: usize = 64 * 1024;
/// Most subject alternative names kept of one certificate.
pub const MAX_NAMES: usize = 10_000;
/// Most extensions read of one certificate.
pub const MAX_EXTENSIONS: usize = 1_000;
/// Largest RSA modulus that is kept for arithmetic, in bits.
pub const MAX_RSA_BITS: u32 = 16_384;
/// Most certificates taken out of one PKCS#7 bundle.
pub const MAX_BUNDLE: usize = 1_000;
/// Longest distinguished name that is displayed, in bytes.
pub(crate) const MAX_NAME_TEXT: usize = 1_024;
/// Longest PEM label.
pub(crate) const MAX_LABEL: usize = 64;
