use serde::Deserialize;

use super::{Digest, Image, PredicateKind, covers};

/// What was found about who built an image and what is in it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Evidence {
    /// Whether it was looked for: sources without signatures, such as an archive of
    /// `docker save`, have no place for it.
    pub searched: bool,
    /// What the policy asks of the image; none where no policy covers it.
    pub requirement: Option<Requirement>,
    /// The signatures, in the order they were found. For each the digest of what it covers is
    /// proven where the verdict [holds](Verdict::holds).
    pub signatures: Vec<Signature>,
    /// The attestations, in the order they were found.
    pub attestations: Vec<Attestation>,
    /// Where evidence may lie but could not be looked for, each a sentence fragment. Never a pass.
    pub unreachable: Vec<String>,
    /// The trust root in use no longer knows keys for the time of judgement; one sentence fragment.
    pub stale_root: Option<String>,
}

/// What the policy asks of an image.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Requirement {
    /// The pattern of the policy that covers the image.
    pub pattern: String,
    /// Whether a signature must be in a transparency log.
    pub transparency: bool,
    /// Predicate types that must be attested.
    pub attestations: Vec<String>,
    /// Builders whose provenance is accepted, as patterns; all where empty.
    pub builders: Vec<String>,
    /// Source repositories that provenance may name, as patterns; all where empty.
    pub sources: Vec<String>,
}

impl Requirement {
    /// Whether the policy names a builder whose provenance is accepted, and this is one.
    #[must_use]
    pub fn names_builder(&self, builder: &str) -> bool {
        self.builders.iter().any(|pattern| is_meant(pattern, builder))
    }

    /// Whether the policy names a source repository that provenance may name, and this is one.
    /// Patterns may leave the scheme out.
    #[must_use]
    pub fn names_source(&self, source: &str) -> bool {
        let plain = source.split_once("://").map_or(source, |(_, rest)| rest);
        let of = |pattern: &String| {
            let pattern = pattern.trim_end_matches(".git");
            is_meant(pattern, source) || is_meant(pattern, plain)
        };
        self.sources.iter().any(of)
    }
}

fn is_meant(pattern: &str, text: &str) -> bool {
    !pattern.is_empty() && covers(pattern, text)
}

/// A signature over an image.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Signature {
    /// In which form it is stored.
    pub form: SignatureForm,
    /// Where it was found: a tag, or the digest of a manifest.
    pub place: String,
    /// What it covers.
    #[serde(default)]
    pub covers: Covers,
    /// What became of checking it.
    pub verdict: Verdict,
    /// Who signed, by the certificate.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// Whether a transparency log has it, verified.
    #[serde(default)]
    pub logged: bool,
    /// When it was made, in Unix seconds, as far as a log or a timestamp proves it.
    #[serde(default)]
    pub time: Option<i64>,
    /// Why the key is weak; one sentence fragment.
    #[serde(default)]
    pub weak: Option<String>,
}

/// What a signature or an attestation covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covers {
    /// The manifest that is deployed.
    #[default]
    Manifest,
    /// The index it was chosen from.
    Index,
}

/// In which form a signature is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureForm {
    /// cosign's tag `sha256-….sig`.
    CosignTag,
    /// cosign's layers in a referrer.
    CosignReferrer,
    /// A Sigstore bundle.
    Bundle,
    /// Notation (Notary Project).
    Notation,
    /// GPG "simple signing".
    Gpg,
    /// Docker Content Trust (Notary v1).
    ContentTrust,
}

impl SignatureForm {
    /// The name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CosignTag => "cosign tag",
            Self::CosignReferrer => "cosign referrer",
            Self::Bundle => "Sigstore bundle",
            Self::Notation => "Notation",
            Self::Gpg => "GPG simple signing",
            Self::ContentTrust => "Docker Content Trust",
        }
    }
}

/// What became of checking a signature or an attestation. The texts are sentence fragments.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds and is by whom the policy trusts.
    Valid,
    /// It holds; no policy says who is to be trusted.
    Unjudged,
    /// It carries no signature at all: anyone may have put it there.
    Unsigned,
    /// It does not hold.
    Invalid(String),
    /// It holds, but by no key that the policy trusts.
    WrongKey,
    /// It holds, but by an identity that the policy does not trust.
    WrongIdentity,
    /// It speaks about something else.
    OtherDigest(String),
    /// The certificate does not lead to a trusted root.
    UntrustedRoot(String),
    /// The policy asks for a transparency log, and there is no proof of one.
    NoLog,
    /// The certificate was short-lived, and nothing proves that it was valid when used.
    NoTime,
    /// Its form is one that cannot be checked.
    Unsupported(String),
    /// It could not be fetched. Never a pass.
    Unreachable(String),
}

impl Verdict {
    /// Whether it satisfies the policy.
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        matches!(self, Self::Valid)
    }

    /// Whether it holds, whoever signed.
    #[must_use]
    pub const fn holds(&self) -> bool {
        matches!(self, Self::Valid | Self::Unjudged)
    }
}

/// Who signed, by a certificate of Fulcio.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Identity {
    /// Who vouches: the OIDC issuer.
    pub issuer: String,
    /// The subject alternative name: an address or the URI of a workflow.
    pub subject: String,
    /// What the certificate says of the run that signed, if that was one of CI.
    pub claims: Claims,
}

/// What a certificate of Fulcio says of a run of CI. The service vouches for it, not the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Claims {
    /// The URI of the source repository.
    pub repository: Option<String>,
    /// The reference that was built: `refs/heads/main`.
    pub reference: Option<String>,
    /// The commit that was built.
    pub commit: Option<String>,
    /// The URI of the workflow that signed, with its reference.
    pub workflow: Option<String>,
    /// The event that started the run.
    pub trigger: Option<String>,
    /// Where it ran: `github-hosted`, `self-hosted`.
    pub runner: Option<String>,
}

impl Attestation {
    /// Whether what it states is of a wanted type: a URI, which stands for all its versions, or a
    /// word such as `provenance`, `spdx`, `cyclonedx`. `…/bom/v1.6` is a `…/bom`, `…/v1.1` a
    /// `…/v1`.
    #[must_use]
    pub fn is_of(&self, wanted: &str) -> bool {
        let own = self.predicate_type.as_str();
        match wanted {
            "spdx" | "spdxjson" => own.starts_with("https://spdx.dev/"),
            "cyclonedx" => own.starts_with("https://cyclonedx.org/bom"),
            uri if uri.contains("://") => {
                let rest = own.strip_prefix(uri.trim_end_matches('/'));
                let minor = |text: &str| {
                    !text.is_empty()
                        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                };
                rest.is_some_and(|rest| match rest.split_at_checked(1) {
                    Some((".", rest)) => minor(rest),
                    Some(("/", rest)) => rest.is_empty() || rest.starts_with('v') || minor(rest),
                    Some(_) => false,
                    None => rest.is_empty(),
                })
            }
            word => {
                let kind = PredicateKind::of(word);
                own == word || (kind != PredicateKind::Other && PredicateKind::of(own) == kind)
            }
        }
    }
}

/// An attestation about an image: an in-toto statement.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Attestation {
    /// What it states: a URI; empty where that cannot be told.
    pub predicate_type: String,
    /// Where it was found.
    pub place: String,
    /// What it covers.
    #[serde(default)]
    pub covers: Covers,
    /// What became of checking it.
    pub verdict: Verdict,
    /// Who signed, by the certificate.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// When it was signed, in Unix seconds, as far as that is proven.
    #[serde(default)]
    pub time: Option<i64>,
    /// What it states.
    #[serde(default)]
    pub predicate: serde_json::Value,
}

/// What a registry says about a reference that a file names.
#[derive(Debug)]
pub enum Remote {
    /// The image, without its layers.
    Image {
        /// What the reference leads to: the digest of an index or a manifest.
        digest: Digest,
        /// What the tag leads to where the reference has a digest too, if that is another.
        tag_digest: Option<Digest>,
        /// The image for the first platform that is looked at.
        image: Box<Image>,
    },
    /// There is none, or it is no image that can run.
    Error(RemoteError),
}

/// Why a reference leads to no image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteError {
    /// The registry says that it is not there.
    NotFound,
    /// It is of Docker's schema 1.
    Schema1,
    /// The registry could not be asked, or what it said makes no sense: nothing is known.
    Unknown(String),
}

#[cfg(test)]
mod tests {
    use super::{Attestation, Covers, Requirement, Verdict};

    #[test]
    fn a_type_stands_for_its_versions() {
        let of = |predicate_type: &str, wanted: &str| {
            let attestation = Attestation {
                predicate_type: predicate_type.to_owned(),
                place: String::new(),
                covers: Covers::Manifest,
                verdict: Verdict::Valid,
                identity: None,
                time: None,
                predicate: Default::default(),
            };
            attestation.is_of(wanted)
        };
        assert!(of("https://spdx.dev/Document/v2.3", "https://spdx.dev/Document"));
        assert!(of("https://slsa.dev/provenance/v1", "provenance"));
        assert!(of("https://example.com/qa", "https://example.com/qa"));
        assert!(of("https://cyclonedx.org/bom/v1.6", "cyclonedx"));
        assert!(!of("https://cyclonedx.org/bom/v1.6", "spdx"));
        assert!(!of("https://slsa.dev/provenance/v0.2", "https://slsa.dev/provenance/v1"));
        assert!(of("https://slsa.dev/provenance/v1.1", "https://slsa.dev/provenance/v1"));
        for other in ["-other", "/other", ".other", "é"] {
            let own = format!("https://example.com/qa{other}");
            assert!(!of(&own, "https://example.com/qa"), "{own}");
        }
        assert!(!of("https://example.com/qa", "other"));
    }

    #[test]
    fn sources_go_with_and_without_scheme() {
        let requirement = |pattern: &str| Requirement {
            sources: vec![pattern.to_owned()],
            ..Requirement::default()
        };
        let source = "https://github.com/shop/api";
        for pattern in [
            "https://github.com/shop/*",
            "github.com/**",
            "github.com/shop/api",
            "github.com/shop/api.git",
        ] {
            assert!(requirement(pattern).names_source(source), "{pattern}");
        }
        for pattern in ["", "github.com/shop", "github.com/*", "https://example.com/**"] {
            assert!(!requirement(pattern).names_source(source), "{pattern}");
        }
    }
}
