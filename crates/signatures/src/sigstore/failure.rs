use sigstore_verify::{CertificateError, Error, TimestampError, TransparencyLogError};

use crate::limits::shown;

/// Why a signature is no proof. The texts are sentence fragments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It does not hold.
    Invalid(String),
    /// That key did not make it.
    OtherKey,
    /// The trusted root does not know who vouches for it.
    UntrustedRoot(String),
    /// Nothing proves that it is in a log.
    NoLog,
    /// Nothing proves when it was made.
    NoTime,
    /// It is of a form that cannot be checked.
    Unsupported(String),
}

impl Failure {
    /// Of several failures of one signature the one that says most: with the wrong root, nothing
    /// else was looked at.
    pub(crate) fn worse(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::UntrustedRoot(_) | Self::OtherKey, _) => other,
            _ => self,
        }
    }
}

/// What an error of the library means.
pub(super) fn of(error: &Error) -> Failure {
    let text = shown(&error.to_string());
    match error {
        Error::UnsupportedArtifact(_) | Error::UnsupportedBundle(_) => Failure::Unsupported(text),
        Error::Certificate(
            CertificateError::ChainInvalid(_) | CertificateError::NoValidAuthority { .. },
        )
        | Error::TransparencyLog(TransparencyLogError::UnknownLog { .. }) => {
            Failure::UntrustedRoot(text)
        }
        Error::Timestamp(TimestampError::NoVerifiedTimestamp(_))
        | Error::Bundle(sigstore_verify::bundle::Error::MissingSigningTimeEvidence) => {
            Failure::NoTime
        }
        Error::Bundle(
            sigstore_verify::bundle::Error::MissingInclusionPromise(_)
            | sigstore_verify::bundle::Error::MissingInclusionProof(_),
        ) => Failure::NoLog,
        _ => Failure::Invalid(text),
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Invalid(why) | Self::UntrustedRoot(why) | Self::Unsupported(why) => {
                f.write_str(why)
            }
            Self::OtherKey => f.write_str("another key made the signature"),
            Self::NoLog => f.write_str("nothing proves that the signature is in a log"),
            Self::NoTime => f.write_str("nothing proves when the signature was made"),
        }
    }
}
