//! One bundle over one artifact.

use careen_image_model::oci::Identity;

use crate::key::PublicKey;
use crate::policy::TrustedRoot;
use crate::sigstore::{Material, Parsed, Refusal, Root, keyed_as, keyless_as};

/// What is said to be signed.
#[derive(Clone, Copy, Debug)]
pub enum Artifact<'a> {
    /// All of it.
    Bytes(&'a [u8]),
    /// Its SHA-256.
    Digest([u8; 32]),
}

impl Artifact<'_> {
    /// The artifact with a digest such as `sha256:…`.
    #[must_use]
    pub fn from_digest(text: &str) -> Option<Self> {
        let hex = text.strip_prefix("sha256:")?;
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?;
        Some(Self::Digest(bytes.try_into().ok()?))
    }
}

/// Who must have signed.
#[derive(Clone, Copy, Debug)]
pub enum Expectation<'a> {
    /// Somebody with a certificate.
    Identity {
        /// The subject alternative name, exactly.
        subject: &'a str,
        /// The OIDC issuer, exactly.
        issuer: &'a str,
    },
    /// The holder of a key.
    Key(&'a PublicKey),
}

/// What is proven of an artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Who signed, where a certificate says so.
    pub identity: Option<Identity>,
    /// When it was signed, in Unix seconds, as far as that is proven.
    pub time: Option<i64>,
}

/// Checks a Sigstore bundle over an artifact in full: the signature, the certificate and its log,
/// the transparency log, every timestamp.
///
/// # Errors
///
/// One sentence fragment where anything does not hold, or cannot be told.
pub fn verify_bundle(
    bundle: &[u8],
    artifact: Artifact<'_>,
    expectation: Expectation<'_>,
    root: &TrustedRoot,
) -> Result<Verified, String> {
    let root = Root::new(root)
        .map_err(|why| format!("the trusted root `{}` cannot be used: {why}", root.name()))?;
    let parsed = Parsed::new(bundle).map_err(|refusal| match refusal {
        Refusal::Malformed(why) | Refusal::Unsupported(why) => why,
    })?;
    let material = match artifact {
        Artifact::Bytes(bytes) => Material::Bytes(bytes),
        Artifact::Digest(digest) => Material::Sha256(digest),
    };
    let proof = match expectation {
        Expectation::Identity { subject, issuer } => {
            keyless_as(&root, &parsed, material, subject, issuer)
        }
        Expectation::Key(key) => keyed_as(&root, &parsed, material, key),
    }?;
    Ok(Verified { identity: proof.identity, time: proof.time })
}
