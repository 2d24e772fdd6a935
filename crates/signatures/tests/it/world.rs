//! One image in one repository, and a policy.

use careen_image_model::ImageRef;
use careen_image_model::oci::{Digest, Evidence, Index, Signature, Verdict};
use careen_image_model::reference::parse;
use careen_image_source::{ImageSource, MemorySource};
use careen_signatures::{
    IdentityRule, ImagePattern, Pattern, Policy, PolicyRule, PublicKey, TrustedRoot, Verifier,
};
use careen_testkit::NOW;
use careen_testkit::sigstore::{Image, MiniSigstore, TestKey, Who, image};
use serde_json::json;

pub(crate) const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
pub(crate) const SIGN: &str = "https://sigstore.dev/cosign/sign/v1";
pub(crate) const PROVENANCE: &str = "https://slsa.dev/provenance/v1";

pub(crate) struct World {
    pub(crate) sigstore: MiniSigstore,
    pub(crate) source: MemorySource,
    pub(crate) image: Image,
    pub(crate) who: Who,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut source = MemorySource::default();
        let image = image(&mut source, &json!({ "os": "linux", "architecture": "amd64" }));
        let who = Who::workflow("acme/shop", "release.yml", "refs/tags/v1");
        Self { sigstore: MiniSigstore::new(), source, image, who }
    }

    /// A rule that trusts the workflow.
    pub(crate) fn rule(&self) -> PolicyRule {
        PolicyRule {
            images: vec![ImagePattern::parse("registry.example.com/*").unwrap()],
            identities: vec![IdentityRule {
                issuer: self.who.issuer.clone(),
                subject: Pattern::parse(
                    "https://github.com/acme/shop/.github/workflows/*@refs/tags/*",
                )
                .unwrap(),
                repository: None,
                reference: None,
                trigger: None,
                runner: None,
            }],
            trusted_roots: vec![root(&self.sigstore)],
            ..PolicyRule::default()
        }
    }

    /// A rule that trusts a key, in a log or not.
    pub(crate) fn key_rule(&self, key: &TestKey, unlogged: bool) -> PolicyRule {
        PolicyRule {
            images: vec![ImagePattern::parse("registry.example.com/*").unwrap()],
            keys: vec![public(key)],
            trusted_roots: vec![root(&self.sigstore)],
            unlogged,
            ..PolicyRule::default()
        }
    }

    pub(crate) fn evidence(&self, rule: PolicyRule) -> Evidence {
        judged(&self.source, &[rule], Some(&self.image.digest), None)
    }

    /// The verdict about the only signature.
    pub(crate) fn verdict(&self, rule: PolicyRule) -> Verdict {
        only(self.evidence(rule)).verdict
    }

    /// The verdict about the only signature without a policy.
    pub(crate) fn without_policy(&self) -> Verdict {
        only(judged(&self.source, &[], Some(&self.image.digest), None)).verdict
    }
}

pub(crate) fn root(sigstore: &MiniSigstore) -> TrustedRoot {
    TrustedRoot::Custom { name: "root.json".to_owned(), json: sigstore.trusted_root() }
}

pub(crate) fn public(key: &TestKey) -> PublicKey {
    PublicKey::from_pem(key.public_pem().as_bytes()).unwrap()
}

pub(crate) fn name() -> ImageRef {
    parse("registry.example.com/acme/shop:v1").unwrap()
}

pub(crate) fn judged(
    source: &dyn ImageSource,
    rules: &[PolicyRule],
    manifest: Option<&Digest>,
    index: Option<(&Digest, &Index)>,
) -> Evidence {
    let policy = Policy { rules: rules.to_vec() };
    let verifier = Verifier::new(policy, NOW).unwrap();
    verifier.evidence(source, Some(&name()), manifest, index)
}

pub(crate) fn only(mut evidence: Evidence) -> Signature {
    assert_eq!(evidence.signatures.len(), 1, "{evidence:#?}");
    evidence.signatures.pop().unwrap()
}
