//! Bundles in every form, over bytes and over digests.

use careen_image_model::oci::Digest;
use careen_signatures::{Artifact, Expectation, TrustedRoot, verify_bundle};
use careen_testkit::sigstore::{
    Form, MiniSigstore, SIGNED_AT, Signed, Signer, TestKey, Version, Who, statement,
};
use serde_json::{Value, json};

use crate::world::{PROVENANCE, public, root};

const ARTIFACT: &[u8] = b"what is signed";

fn digest() -> Digest {
    careen_image_source::digest_of("sha256", ARTIFACT).unwrap()
}

fn check(
    sigstore: &MiniSigstore,
    bundle: &Value,
    artifact: Artifact<'_>,
    expectation: Expectation<'_>,
) -> Result<i64, String> {
    let bundle = bundle.to_string();
    let verified = verify_bundle(bundle.as_bytes(), artifact, expectation, &root(sigstore))?;
    Ok(verified.time.unwrap_or_default())
}

const VERSIONS: [Version; 3] = [Version::V01, Version::V02, Version::V03];

#[test]
fn every_form_with_a_certificate_holds() {
    let sigstore = MiniSigstore::new();
    let who = Who::person("dev@example.com", "https://accounts.example.com");
    let expected = Expectation::Identity { subject: &who.subject, issuer: &who.issuer };
    let stated = statement(&digest(), PROVENANCE, &json!({ "a": 1 }));
    let by_digest = Artifact::from_digest(digest().as_str()).unwrap();
    for version in VERSIONS {
        for stamped in [false, true] {
            let form = Form { version, stamped, ..Form::default() };
            for signed in [Signed::Message(ARTIFACT), Signed::Statement(&stated)] {
                let bundle = sigstore.bundle(Signer::Keyless(&who), signed, form);
                for artifact in [Artifact::Bytes(ARTIFACT), by_digest] {
                    let found = check(&sigstore, &bundle, artifact, expected);
                    assert_eq!(found, Ok(SIGNED_AT), "{form:?} {signed:?}");
                }
                let other = Artifact::Bytes(b"what is not");
                assert!(check(&sigstore, &bundle, other, expected).is_err(), "{form:?}");
            }
        }
    }
}

#[test]
fn every_form_with_a_key_holds() {
    let sigstore = MiniSigstore::new();
    let stated = statement(&digest(), PROVENANCE, &json!({}));
    for key in [TestKey::new(), TestKey::p384(), TestKey::ed25519()] {
        let (ours, other) = (public(&key), public(&TestKey::new()));
        for version in VERSIONS {
            let form = Form { version, ..Form::default() };
            let bundle = sigstore.bundle(Signer::Key(&key), Signed::Statement(&stated), form);
            let artifact = Artifact::Bytes(ARTIFACT);
            assert_eq!(
                check(&sigstore, &bundle, artifact, Expectation::Key(&ours)),
                Ok(SIGNED_AT),
                "{form:?}"
            );
            assert!(check(&sigstore, &bundle, artifact, Expectation::Key(&other)).is_err());
            let nobody = Expectation::Identity { subject: "a", issuer: "b" };
            assert!(check(&sigstore, &bundle, artifact, nobody).is_err());
        }
    }
}

#[test]
fn identity_and_issuer_are_exact() {
    let sigstore = MiniSigstore::new();
    let who = Who::person("dev@example.com", "https://accounts.example.com");
    let signed = Signed::Message(ARTIFACT);
    let bundle = sigstore.bundle(Signer::Keyless(&who), signed, Form::default());
    for (subject, issuer) in [
        ("dev@example.co", "https://accounts.example.com"),
        ("*", "https://accounts.example.com"),
        ("dev@example.com", "https://accounts.example.com/"),
        ("dev@example.com", ""),
        ("", "https://accounts.example.com"),
    ] {
        let expected = Expectation::Identity { subject, issuer };
        let found = check(&sigstore, &bundle, Artifact::Bytes(ARTIFACT), expected);
        assert!(found.is_err(), "{subject} {issuer}");
    }
}

#[test]
fn what_no_log_or_clock_has_is_refused() {
    let sigstore = MiniSigstore::new();
    let who = Who::person("dev@example.com", "https://accounts.example.com");
    let expected = Expectation::Identity { subject: &who.subject, issuer: &who.issuer };
    for version in VERSIONS {
        for stamped in [false, true] {
            let form = Form { version, logged: false, stamped };
            let signed = Signed::Message(ARTIFACT);
            let bundle = sigstore.bundle(Signer::Keyless(&who), signed, form);
            let found = check(&sigstore, &bundle, Artifact::Bytes(ARTIFACT), expected);
            assert!(found.is_err(), "{form:?}");
        }
    }
}

#[test]
fn another_sigstore_is_not_trusted() {
    let (sigstore, other) = (MiniSigstore::new(), MiniSigstore::new());
    let who = Who::person("dev@example.com", "https://accounts.example.com");
    let expected = Expectation::Identity { subject: &who.subject, issuer: &who.issuer };
    let signed = Signed::Message(ARTIFACT);
    let bundle = sigstore.bundle(Signer::Keyless(&who), signed, Form::default());
    assert!(check(&other, &bundle, Artifact::Bytes(ARTIFACT), expected).is_err());
    for root in [TrustedRoot::PublicGood, TrustedRoot::Staging, TrustedRoot::GitHub] {
        let text = bundle.to_string();
        let artifact = Artifact::Bytes(ARTIFACT);
        assert!(verify_bundle(text.as_bytes(), artifact, expected, &root).is_err());
    }
    let nonsense = TrustedRoot::Custom { name: "x.json".into(), json: b"{}".to_vec() };
    let found = verify_bundle(b"{}", Artifact::Bytes(ARTIFACT), expected, &nonsense);
    assert!(found.unwrap_err().contains("x.json"));
}

#[test]
fn digests_are_those_of_sha256() {
    let good = "a".repeat(64);
    assert!(Artifact::from_digest(&format!("sha256:{good}")).is_some());
    for bad in ["", "sha256:", &good, &format!("sha256:{}", &good[1..]), &format!("sha512:{good}")]
    {
        assert!(Artifact::from_digest(bad).is_none(), "{bad}");
    }
}
