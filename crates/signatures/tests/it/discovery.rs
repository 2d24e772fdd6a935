//! Every place and form that is known.

use std::collections::BTreeMap;

use careen_image_model::oci::{Covers, Digest, Document, Index, SignatureForm, Verdict};
use careen_image_source::ImageSource;
use careen_testkit::sigstore::{
    Form, Image, Layer, Signed, Signer, TestKey, attach, attach_tag, index, payload, statement,
};
use serde_json::json;

use crate::world::{BUNDLE, PROVENANCE, SIGN, World, judged, only};

const SPDX: &str = "https://spdx.dev/Document/v2.3";

#[test]
fn attestations_are_no_signatures() {
    let mut world = World::new();
    let who = world.who.clone();
    let image = world.image.clone();
    for (kind, predicate) in [(PROVENANCE, json!({ "a": 1 })), (SPDX, json!({ "b": 2 }))] {
        let stated = statement(&image.digest, kind, &predicate);
        let signer = Signer::Keyless(&who);
        let bundle = world.sigstore.bundle(signer, Signed::Statement(&stated), Form::default());
        attach(&mut world.source, Some(&image), BUNDLE, &[Layer::bundle(&bundle)]);
    }
    let evidence = world.evidence(world.rule());
    assert!(evidence.signatures.is_empty());
    assert_eq!(evidence.attestations.len(), 2);
    for attestation in &evidence.attestations {
        assert_eq!(attestation.verdict, Verdict::Valid);
        assert_eq!(attestation.covers, Covers::Manifest);
        assert!(attestation.identity.is_some() && attestation.time.is_some());
    }
    assert!(evidence.attestations.iter().any(|it| it.is_of("https://spdx.dev/Document")));
    let provenance = evidence.attestations.iter().find(|it| it.is_of(PROVENANCE)).unwrap();
    assert_eq!(provenance.predicate, json!({ "a": 1 }));
}

#[test]
fn attestations_of_cosign_s_older_form_are_found() {
    let key = TestKey::new();
    for (logged, verdict) in [(true, Verdict::Valid), (false, Verdict::NoLog)] {
        let mut world = World::new();
        let digest = world.image.digest.clone();
        let stated = statement(&digest, PROVENANCE, &json!({ "a": 1 }));
        let form = Form { logged, ..Form::default() };
        let made = world.sigstore.attestation(Signer::Key(&key), &stated, form);
        attach_tag(&mut world.source, &digest, "att", &[Layer::envelope(made)]);
        let evidence = world.evidence(world.key_rule(&key, false));
        assert!(evidence.signatures.is_empty());
        assert_eq!(evidence.attestations[0].verdict, verdict);
        assert!(evidence.attestations[0].place.ends_with(".att"));
    }
    let mut world = World::new();
    let who = world.who.clone();
    let digest = world.image.digest.clone();
    let other = careen_image_source::digest_of("sha256", b"other").unwrap();
    for about in [&digest, &other] {
        let stated = statement(about, PROVENANCE, &json!({}));
        let signer = Signer::Keyless(&who);
        let made = world.sigstore.attestation(signer, &stated, Form::default());
        attach_tag(&mut world.source, &digest, "att", &[Layer::envelope(made)]);
        let evidence = world.evidence(world.rule());
        let verdict = &evidence.attestations[0].verdict;
        if about == &digest {
            assert_eq!(*verdict, Verdict::Valid);
        } else {
            assert!(matches!(verdict, Verdict::OtherDigest(_)));
        }
    }
}

#[test]
fn several_signatures_are_each_judged() {
    let mut world = World::new();
    let who = world.who.clone();
    let image = world.image.clone();
    let good = payload(&image.digest, "");
    let (ours, theirs) = (Signer::Keyless(&who), TestKey::new());
    let form = Form::default();
    let layers = [
        Layer::simple_signing(&good, world.sigstore.annotations(Signer::Key(&theirs), &good, form)),
        Layer::simple_signing(&good, world.sigstore.annotations(ours, &good, form)),
        Layer::simple_signing(&good, BTreeMap::new()),
    ];
    attach_tag(&mut world.source, &image.digest, "sig", &layers);
    // cosign's experiment with referrers.
    attach(
        &mut world.source,
        Some(&image),
        "application/vnd.dev.cosign.artifact.sig.v1+json",
        &layers[1..2],
    );
    let found: Vec<_> = world
        .evidence(world.rule())
        .signatures
        .into_iter()
        .map(|signature| (signature.form, signature.verdict))
        .collect();
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(found[0], (SignatureForm::CosignReferrer, Verdict::Valid));
    assert_eq!(found[1], (SignatureForm::CosignTag, Verdict::WrongKey));
    assert_eq!(found[2], (SignatureForm::CosignTag, Verdict::Valid));
    assert!(matches!(found[3].1, Verdict::Invalid(_)));
}

#[test]
fn notation_is_named_and_not_checked() {
    let mut world = World::new();
    let image = world.image.clone();
    let kind = "application/vnd.cncf.notary.signature";
    let layers = [Layer::new("application/jose+json", "{}")];
    attach(&mut world.source, Some(&image), kind, &layers);
    let found = only(world.evidence(world.rule()));
    assert_eq!(found.form, SignatureForm::Notation);
    assert!(matches!(found.verdict, Verdict::Unsupported(_)));
}

#[test]
fn forms_of_the_past_and_the_future_are_unsupported() {
    let who = World::new().who;
    for (path, value) in [
        ("/mediaType", json!("application/vnd.dev.sigstore.bundle.v0.9+json")),
        (
            "/verificationMaterial/tlogEntries/0/kindVersion",
            json!({ "kind": "rekord", "version": "0.0.1" }),
        ),
    ] {
        let mut world = World::new();
        let image = world.image.clone();
        let stated = statement(&image.digest, SIGN, &json!({}));
        let signer = Signer::Keyless(&who);
        let signed = Signed::Statement(&stated);
        let mut bundle = world.sigstore.bundle(signer, signed, Form::default());
        *bundle.pointer_mut(path).unwrap() = value;
        attach(&mut world.source, Some(&image), BUNDLE, &[Layer::bundle(&bundle)]);
        let found = world.verdict(world.rule());
        assert!(matches!(found, Verdict::Unsupported(_)), "{path} {found:?}");
    }
}

fn parsed(source: &dyn ImageSource, image: &Image) -> Index {
    let bytes = source.document(&image.digest).unwrap();
    match careen_image_model::oci::parse_document(&bytes).unwrap() {
        Document::Index(index) => *index,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_buildkit_leaves_is_signed_by_nobody() {
    let mut world = World::new();
    let image = world.image.clone();
    let other = careen_image_source::digest_of("sha256", b"other").unwrap();
    let statements = [
        statement(&image.digest, "https://slsa.dev/provenance/v0.2", &json!({ "a": 1 })),
        statement(&other, SPDX, &json!({})),
    ];
    let layers = statements.map(|it| Layer::new("application/vnd.in-toto+json", it.to_string()));
    let attached = attach(&mut world.source, None, "", &layers);
    let mut beside = attached.descriptor.clone();
    let notes = |digest: &Digest| {
        BTreeMap::from([
            ("vnd.docker.reference.type".to_owned(), "attestation-manifest".to_owned()),
            ("vnd.docker.reference.digest".to_owned(), digest.to_string()),
        ])
    };
    beside.annotations = notes(&image.digest);
    // One of another image is not looked at.
    let stranger = attach(&mut world.source, None, "", &layers[..1]);
    let mut stranger = stranger.descriptor;
    stranger.annotations = notes(&other);
    let list = index(&mut world.source, &[image.descriptor.clone(), beside, stranger]);
    let index = parsed(&world.source, &list);
    let index = Some((&list.digest, &index));
    let evidence = judged(&world.source, &[world.rule()], Some(&image.digest), index);
    assert!(evidence.signatures.is_empty());
    let found: Vec<_> = evidence.attestations.iter().map(|it| &it.verdict).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(*found[0], Verdict::Unsigned);
    assert!(matches!(found[1], Verdict::OtherDigest(_)));
    assert_eq!(evidence.attestations[0].predicate, json!({ "a": 1 }));
}

#[test]
fn bare_sboms_are_found() {
    let mut world = World::new();
    let image = world.image.clone();
    let layer = Layer::new("application/vnd.cyclonedx+json", r#"{"bomFormat":"CycloneDX"}"#);
    attach(&mut world.source, Some(&image), "application/vnd.cyclonedx+json", &[layer]);
    let layer = Layer::new("text/spdx", "SPDXVersion: SPDX-2.3");
    attach_tag(&mut world.source, &image.digest, "sbom", &[layer]);
    let evidence = world.evidence(world.rule());
    let kinds: Vec<_> = evidence.attestations.iter().map(|it| it.predicate_type.as_str()).collect();
    assert_eq!(kinds, ["https://cyclonedx.org/bom", "https://spdx.dev/Document"]);
    assert!(evidence.attestations.iter().all(|it| it.verdict == Verdict::Unsigned));
    assert_eq!(evidence.attestations[0].predicate["bomFormat"], "CycloneDX");
}
