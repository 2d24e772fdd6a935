//! Who must sign which images.

use careen_image_model::ImageRef;
use careen_image_model::oci::{Claims, Identity, Requirement};

use crate::pattern::{ImagePattern, Pattern};
use crate::{PublicKey, predicate_type};

/// Who must sign which images: the first rule that covers an image counts.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The rules, in order.
    pub rules: Vec<PolicyRule>,
}

/// One rule of the policy. An image passes with one signature by one of the keys or identities.
#[derive(Clone, Debug, Default)]
pub struct PolicyRule {
    /// Which images it is for.
    pub images: Vec<ImagePattern>,
    /// Keys that may sign.
    pub keys: Vec<PublicKey>,
    /// Identities that may sign with a certificate.
    pub identities: Vec<IdentityRule>,
    /// What is trusted to vouch for identities and to keep logs; any of them.
    pub trusted_roots: Vec<TrustedRoot>,
    /// Whether a signature need not be in a transparency log.
    pub unlogged: bool,
    /// Whether a signature of cosign's older form must name the repository it is found in.
    pub same_repository: bool,
    /// What must be attested: URIs, or the names that [`predicate_type`] knows.
    pub attestations: Vec<String>,
    /// Builders whose provenance is accepted, as patterns; all where empty.
    pub builders: Vec<String>,
    /// Source repositories that provenance may name, as patterns; all where empty.
    pub sources: Vec<String>,
}

/// An identity that may sign.
#[derive(Clone, Debug)]
pub struct IdentityRule {
    /// The OIDC issuer, exactly.
    pub issuer: String,
    /// The subject alternative name of the certificate.
    pub subject: Pattern,
    /// The source repository that the certificate names.
    pub repository: Option<Pattern>,
    /// The reference that was built.
    pub reference: Option<Pattern>,
    /// The event that started the run.
    pub trigger: Option<Pattern>,
    /// Where the run took place.
    pub runner: Option<Pattern>,
}

/// What is trusted to vouch for identities, to keep logs and to tell the time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TrustedRoot {
    /// Sigstore's public instance, as known to this version.
    #[default]
    PublicGood,
    /// Sigstore's instance for tests, as known to this version.
    Staging,
    /// The instance of GitHub for private repositories, as known to this version.
    GitHub,
    /// A `trusted_root.json`.
    Custom {
        /// How messages call it.
        name: String,
        /// What it says.
        json: Vec<u8>,
    },
}

impl TrustedRoot {
    /// One of the embedded roots, by its name in the configuration.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "public-good" => Some(Self::PublicGood),
            "staging" => Some(Self::Staging),
            "github" => Some(Self::GitHub),
            _ => None,
        }
    }

    /// How messages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::PublicGood => "public-good",
            Self::Staging => "staging",
            Self::GitHub => "github",
            Self::Custom { name, .. } => name,
        }
    }
}

impl Policy {
    /// The number of the first rule that covers an image.
    pub(crate) fn rule_for(&self, name: Option<&ImageRef>) -> Option<usize> {
        self.rules.iter().position(|rule| rule.images.iter().any(|image| image.covers(name)))
    }
}

impl PolicyRule {
    /// What it asks of an image, for those who judge.
    pub(crate) fn requirement(&self, name: Option<&ImageRef>) -> Requirement {
        let pattern = self.images.iter().find(|pattern| pattern.covers(name));
        Requirement {
            pattern: pattern.map(|pattern| pattern.as_str().to_owned()).unwrap_or_default(),
            transparency: !self.unlogged,
            attestations: self.attestations.iter().map(|it| predicate_type(it).into()).collect(),
            builders: self.builders.clone(),
            sources: self.sources.clone(),
        }
    }

    /// Whether somebody with that certificate may sign.
    pub(crate) fn trusts(&self, identity: &Identity) -> bool {
        self.identities.iter().any(|rule| rule.matches(identity))
    }
}

impl IdentityRule {
    /// Whether the certificate is that of this identity. A claim that is asked for and missing is
    /// none that matches.
    #[must_use]
    pub fn matches(&self, identity: &Identity) -> bool {
        let Claims { repository, reference, trigger, runner, .. } = &identity.claims;
        let claim = |wanted: &Option<Pattern>, found: &Option<String>| {
            wanted
                .as_ref()
                .is_none_or(|wanted| found.as_deref().is_some_and(|found| wanted.matches(found)))
        };
        !self.issuer.is_empty()
            && self.issuer == identity.issuer
            && self.subject.matches(&identity.subject)
            && claim(&self.repository, repository)
            && claim(&self.reference, reference)
            && claim(&self.trigger, trigger)
            && claim(&self.runner, runner)
    }
}
