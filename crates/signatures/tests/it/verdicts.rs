//! Every verdict, and what leads to it.

use careen_image_model::oci::{Covers, SignatureForm, Verdict};
use careen_signatures::{IdentityRule, Pattern, Policy, PolicyRule, TrustedRoot, Verifier};
use careen_testkit::NOW;
use careen_testkit::sigstore::{
    Form, Layer, MiniSigstore, SIGNED_AT, Signed, Signer, TestKey, Version, Who, attach,
    attach_tag, index, payload, statement,
};
use serde_json::{Value, json};

use crate::world::{BUNDLE, PROVENANCE, SIGN, World, judged, only, public, root};

const FORM: Form = Form { version: Version::V03, logged: true, stamped: false };

fn signed(world: &World) -> Value {
    statement(&world.image.digest, SIGN, &json!({}))
}

/// Signs the image as cosign 3 does.
fn sign(world: &mut World, signer: Signer<'_>, form: Form) -> Value {
    let bundle = world.sigstore.bundle(signer, Signed::Statement(&signed(world)), form);
    put(world, &bundle);
    bundle
}

fn put(world: &mut World, bundle: &Value) {
    let image = world.image.clone();
    attach(&mut world.source, Some(&image), BUNDLE, &[Layer::bundle(bundle)]);
}

/// Signs the image as cosign 2 does.
fn sign_old(world: &mut World, signer: Signer<'_>, form: Form) {
    let payload = payload(&world.image.digest, "registry.example.com/acme/shop");
    let notes = world.sigstore.annotations(signer, &payload, form);
    let layer = Layer::simple_signing(&payload, notes);
    attach_tag(&mut world.source, &world.image.digest, "sig", &[layer]);
}

#[test]
fn what_is_signed_by_whom_the_policy_trusts_is_valid() {
    for version in [Version::V01, Version::V02, Version::V03] {
        let mut world = World::new();
        let who = world.who.clone();
        sign(&mut world, Signer::Keyless(&who), Form { version, ..FORM });
        let found = only(world.evidence(world.rule()));
        assert_eq!(found.verdict, Verdict::Valid, "{version:?}");
        assert_eq!((found.form, found.covers), (SignatureForm::Bundle, Covers::Manifest));
        assert!(found.logged && found.time == Some(SIGNED_AT) && found.weak.is_none());
        let identity = found.identity.unwrap();
        assert_eq!((&identity.issuer, &identity.subject), (&who.issuer, &who.subject));
        assert_eq!(identity.claims.repository.as_deref(), Some("https://github.com/acme/shop"));
        assert_eq!(identity.claims.reference.as_deref(), Some("refs/tags/v1"));
        assert_eq!(identity.claims.runner.as_deref(), Some("github-hosted"));
    }
}

#[test]
fn cosign_s_older_form_is_valid_too() {
    for stamped in [false, true] {
        let mut world = World::new();
        let who = world.who.clone();
        sign_old(&mut world, Signer::Keyless(&who), Form { stamped, ..FORM });
        let found = only(world.evidence(world.rule()));
        assert_eq!(found.verdict, Verdict::Valid);
        assert_eq!(found.form, SignatureForm::CosignTag);
        assert!(found.place.ends_with(".sig") && found.logged && found.time == Some(SIGNED_AT));
        let key = TestKey::new();
        let mut world = World::new();
        sign_old(&mut world, Signer::Key(&key), Form { stamped, ..FORM });
        let found = only(world.evidence(world.key_rule(&key, false)));
        assert!(found.verdict.is_valid() && found.logged, "{found:?}");
    }
}

#[test]
fn keys_need_a_log_only_where_the_policy_says_so() {
    for key in [TestKey::new(), TestKey::p384(), TestKey::ed25519()] {
        for (logged, stamped) in [(true, false), (false, false), (false, true), (true, true)] {
            let form = Form { logged, stamped, ..FORM };
            let mut world = World::new();
            sign(&mut world, Signer::Key(&key), form);
            let found = only(world.evidence(world.key_rule(&key, true)));
            assert!(found.verdict.is_valid() && found.logged == logged, "{found:?}");
            assert_eq!(found.time.is_some(), logged || stamped, "{form:?}");
            let strict = world.verdict(world.key_rule(&key, false));
            let expected = if logged { Verdict::Valid } else { Verdict::NoLog };
            assert_eq!(strict, expected, "{form:?}");
        }
        let mut world = World::new();
        sign_old(&mut world, Signer::Key(&key), Form { logged: false, ..FORM });
        assert_eq!(world.verdict(world.key_rule(&key, true)), Verdict::Valid);
        assert_eq!(world.verdict(world.key_rule(&key, false)), Verdict::NoLog);
    }
}

#[test]
fn nothing_is_no_signature() {
    let world = World::new();
    let evidence = world.evidence(world.rule());
    assert!(evidence.searched && evidence.signatures.is_empty());
    assert!(evidence.unreachable.is_empty() && evidence.stale_root.is_none());
    let requirement = evidence.requirement.unwrap();
    assert_eq!(requirement.pattern, "registry.example.com/*");
    assert!(requirement.transparency);
}

#[test]
fn what_was_altered_is_invalid() {
    let mut world = World::new();
    let who = world.who.clone();
    let other = world.sigstore.bundle(
        Signer::Keyless(&who),
        Signed::Statement(&statement(&world.image.digest, PROVENANCE, &json!({}))),
        FORM,
    );
    let good =
        world.sigstore.bundle(Signer::Keyless(&who), Signed::Statement(&signed(&world)), FORM);
    let mut bundle = good.clone();
    bundle["dsseEnvelope"]["payload"] = other["dsseEnvelope"]["payload"].clone();
    put(&mut world, &bundle);
    let evidence = world.evidence(world.rule());
    assert!(matches!(evidence.attestations[0].verdict, Verdict::Invalid(_)), "{evidence:?}");
    let mut world = World::new();
    world.sigstore = MiniSigstore::new();
    let mut bundle =
        world.sigstore.bundle(Signer::Keyless(&who), Signed::Statement(&signed(&world)), FORM);
    bundle["dsseEnvelope"]["signatures"] = good["dsseEnvelope"]["signatures"].clone();
    put(&mut world, &bundle);
    assert!(matches!(world.verdict(world.rule()), Verdict::Invalid(_)));
    let mut world = World::new();
    put(&mut world, &json!({ "mediaType": "x" }));
    assert!(matches!(world.verdict(world.rule()), Verdict::Invalid(_)));
}

#[test]
fn payloads_of_simple_signing_are_read() {
    let mut world = World::new();
    let who = world.who.clone();
    // Another payload than the one that was signed, which the layer's digest is true to.
    let good = payload(&world.image.digest, "registry.example.com/acme/shop");
    let notes = world.sigstore.annotations(Signer::Keyless(&who), &good, FORM);
    let other = payload(&world.image.digest, "registry.example.com/acme/till");
    let layer = Layer::simple_signing(&other, notes);
    attach_tag(&mut world.source, &world.image.digest.clone(), "sig", &[layer]);
    assert!(matches!(world.verdict(world.rule()), Verdict::Invalid(_)));
    // A payload that was signed, and is none.
    let mut world = World::new();
    let notes = world.sigstore.annotations(Signer::Keyless(&who), b"{}", FORM);
    let layer = Layer::simple_signing(b"{}", notes);
    attach_tag(&mut world.source, &world.image.digest.clone(), "sig", &[layer]);
    assert!(matches!(world.verdict(world.rule()), Verdict::Invalid(_)));
    // A payload for another repository.
    let mut world = World::new();
    let notes = world.sigstore.annotations(Signer::Keyless(&who), &other, FORM);
    let other = payload(&world.image.digest, "registry.example.com/acme/till");
    assert!(!notes.is_empty());
    let notes = world.sigstore.annotations(Signer::Keyless(&who), &other, FORM);
    let layer = Layer::simple_signing(&other, notes);
    attach_tag(&mut world.source, &world.image.digest.clone(), "sig", &[layer]);
    assert_eq!(world.verdict(world.rule()), Verdict::Valid);
    let strict = PolicyRule { same_repository: true, ..world.rule() };
    let found = world.verdict(strict);
    assert!(matches!(&found, Verdict::OtherDigest(why) if why.contains("till")), "{found:?}");
}

#[test]
fn another_key_is_told_from_an_altered_signature() {
    let (key, other) = (TestKey::new(), TestKey::new());
    for logged in [true, false] {
        let mut world = World::new();
        sign(&mut world, Signer::Key(&other), Form { logged, ..FORM });
        assert_eq!(world.verdict(world.key_rule(&key, true)), Verdict::WrongKey);
        // Signatures of certificates are by no key of the policy either.
        let mut world = World::new();
        let who = world.who.clone();
        sign(&mut world, Signer::Keyless(&who), FORM);
        assert_eq!(world.verdict(world.key_rule(&key, true)), Verdict::WrongIdentity);
        // Altered, but named as made with the key.
        let mut world = World::new();
        let form = Form { logged, ..FORM };
        let one =
            world.sigstore.bundle(Signer::Key(&key), Signed::Statement(&signed(&world)), form);
        let two = statement(&world.image.digest, SIGN, &json!({ "a": 1 }));
        let two = world.sigstore.bundle(Signer::Key(&key), Signed::Statement(&two), form);
        let mut mixed = one.clone();
        mixed["dsseEnvelope"]["payload"] = two["dsseEnvelope"]["payload"].clone();
        put(&mut world, &mixed);
        let found = world.verdict(world.key_rule(&key, true));
        assert!(matches!(found, Verdict::Invalid(_)), "{logged} {found:?}");
    }
    let mut world = World::new();
    sign_old(&mut world, Signer::Key(&other), Form { logged: false, ..FORM });
    assert_eq!(world.verdict(world.key_rule(&key, true)), Verdict::WrongKey);
    // One of several keys is enough.
    let mut rule = world.key_rule(&key, true);
    rule.keys.push(public(&other));
    assert_eq!(world.verdict(rule), Verdict::Valid);
}

#[test]
fn a_bad_log_entry_is_no_missing_one() {
    let key = TestKey::new();
    let mut world = World::new();
    let stated = signed(&world);
    let sigstore = &world.sigstore;
    let mut one = sigstore.bundle(Signer::Key(&key), Signed::Statement(&stated), FORM);
    let two = sigstore.bundle(Signer::Key(&TestKey::new()), Signed::Statement(&stated), FORM);
    one["verificationMaterial"]["tlogEntries"] = two["verificationMaterial"]["tlogEntries"].clone();
    put(&mut world, &one);
    let found = world.verdict(world.key_rule(&key, true));
    assert!(matches!(found, Verdict::Invalid(_)), "{found:?}");
}

#[test]
fn another_identity_is_not_trusted() {
    let base = World::new();
    for who in [
        Who::workflow("acme/till", "release.yml", "refs/tags/v1"),
        Who::workflow("acme/shop", "release.yml", "refs/heads/main"),
        Who::workflow("acme/shop", "sub/release.yml", "refs/tags/v1"),
        Who { issuer: "https://evil.test".to_owned(), ..base.who.clone() },
        Who::person("dev@example.com", &base.who.issuer),
    ] {
        let mut world = World::new();
        sign(&mut world, Signer::Keyless(&who), FORM);
        let found = only(world.evidence(world.rule()));
        assert_eq!(found.verdict, Verdict::WrongIdentity, "{who:?}");
        assert_eq!(found.identity.unwrap().subject, who.subject);
    }
}

#[test]
fn claims_of_the_certificate_can_be_asked_for() {
    let mut world = World::new();
    let who = world.who.clone();
    sign(&mut world, Signer::Keyless(&who), FORM);
    let rule = |change: fn(&mut IdentityRule)| {
        let mut rule = world.rule();
        change(&mut rule.identities[0]);
        world.verdict(rule)
    };
    let valid = rule(|it| {
        it.repository = Some(Pattern::parse("https://github.com/acme/*").unwrap());
        it.reference = Some(Pattern::parse("regex:refs/tags/v[0-9]+").unwrap());
        it.trigger = Some(Pattern::parse("push").unwrap());
        it.runner = Some(Pattern::parse("github-hosted").unwrap());
    });
    assert_eq!(valid, Verdict::Valid);
    let changes: [fn(&mut IdentityRule); 4] = [
        |it| it.repository = Some(Pattern::parse("https://github.com/other/*").unwrap()),
        |it| it.reference = Some(Pattern::parse("refs/heads/*").unwrap()),
        |it| it.trigger = Some(Pattern::parse("schedule").unwrap()),
        |it| it.runner = Some(Pattern::parse("self-hosted").unwrap()),
    ];
    for change in changes {
        assert_eq!(rule(change), Verdict::WrongIdentity);
    }
    // A person's certificate has none of them.
    let mut world = World::new();
    let person = Who::person("dev@example.com", "https://accounts.example.com");
    sign(&mut world, Signer::Keyless(&person), FORM);
    let mut rule = world.rule();
    rule.identities[0].issuer = person.issuer.clone();
    rule.identities[0].subject = Pattern::parse("*@example.com").unwrap();
    assert_eq!(world.verdict(rule.clone()), Verdict::Valid);
    rule.identities[0].runner = Some(Pattern::parse("**").unwrap());
    assert_eq!(world.verdict(rule), Verdict::WrongIdentity);
}

#[test]
fn what_speaks_about_something_else_is_told_apart() {
    let mut world = World::new();
    let who = world.who.clone();
    let other = careen_image_source::digest_of("sha256", b"another image").unwrap();
    let stated = statement(&other, SIGN, &json!({}));
    let bundle = world.sigstore.bundle(Signer::Keyless(&who), Signed::Statement(&stated), FORM);
    put(&mut world, &bundle);
    let found = world.verdict(world.rule());
    assert!(matches!(&found, Verdict::OtherDigest(why) if why.contains(other.short())));
    // cosign's older form.
    let mut world = World::new();
    let payload = payload(&other, "");
    let notes = world.sigstore.annotations(Signer::Keyless(&who), &payload, FORM);
    let layer = Layer::simple_signing(&payload, notes);
    attach_tag(&mut world.source, &world.image.digest.clone(), "sig", &[layer]);
    assert!(matches!(world.verdict(world.rule()), Verdict::OtherDigest(_)));
    // A bundle over bytes.
    let mut world = World::new();
    let message = Signed::Message(b"another image");
    let bundle = world.sigstore.bundle(Signer::Keyless(&who), message, FORM);
    put(&mut world, &bundle);
    assert!(matches!(world.verdict(world.rule()), Verdict::OtherDigest(_)));
    // Altered so that it does not hold about anything.
    let mut world = World::new();
    let mut bundle = world.sigstore.bundle(Signer::Keyless(&who), Signed::Statement(&stated), FORM);
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = json!("MAYCAQECAQE=");
    put(&mut world, &bundle);
    assert!(matches!(world.verdict(world.rule()), Verdict::Invalid(_)));
}

#[test]
fn a_bundle_over_the_manifest_s_bytes_counts() {
    let mut world = World::new();
    let who = world.who.clone();
    let bytes = world.image.bytes.clone();
    let bundle = world.sigstore.bundle(Signer::Keyless(&who), Signed::Message(&bytes), FORM);
    put(&mut world, &bundle);
    assert_eq!(world.verdict(world.rule()), Verdict::Valid);
    // Also by a key that signs messages and not digests.
    let key = TestKey::ed25519();
    let mut world = World::new();
    let form = Form { logged: false, ..FORM };
    let bundle = world.sigstore.bundle(Signer::Key(&key), Signed::Message(&bytes), form);
    put(&mut world, &bundle);
    assert_eq!(world.verdict(world.key_rule(&key, true)), Verdict::Valid);
}

#[test]
fn another_authority_is_no_trusted_root() {
    let mut world = World::new();
    let who = world.who.clone();
    sign(&mut world, Signer::Keyless(&who), FORM);
    let elsewhere = MiniSigstore::new();
    let strange = PolicyRule { trusted_roots: vec![root(&elsewhere)], ..world.rule() };
    assert!(matches!(world.verdict(strange), Verdict::UntrustedRoot(_)));
    let public = PolicyRule { trusted_roots: Vec::new(), ..world.rule() };
    let found = world.verdict(public);
    assert!(matches!(&found, Verdict::UntrustedRoot(why) if why.contains("public-good")));
    // The log is trusted, the authority is not: anybody may have such an entry.
    let mut mixed: Value = serde_json::from_slice(&elsewhere.trusted_root()).unwrap();
    let ours: Value = serde_json::from_slice(&world.sigstore.trusted_root()).unwrap();
    mixed["tlogs"] = ours["tlogs"].clone();
    let mixed = TrustedRoot::Custom { name: "mixed".into(), json: mixed.to_string().into() };
    let mixed = PolicyRule { trusted_roots: vec![mixed], ..world.rule() };
    assert!(matches!(world.verdict(mixed), Verdict::UntrustedRoot(_)));
    // One of several roots is enough.
    let both = vec![root(&elsewhere), TrustedRoot::GitHub, root(&world.sigstore)];
    let both = PolicyRule { trusted_roots: both, ..world.rule() };
    assert_eq!(world.verdict(both), Verdict::Valid);
}

#[test]
fn without_a_log_or_a_time_nothing_is_proven() {
    let who = World::new().who;
    for old in [false, true] {
        let put = |world: &mut World, form: Form| {
            let signer = Signer::Keyless(&who);
            if old {
                sign_old(world, signer, form);
            } else {
                sign(world, signer, form);
            }
        };
        let mut world = World::new();
        put(&mut world, Form { logged: false, stamped: true, ..FORM });
        assert_eq!(world.verdict(world.rule()), Verdict::NoLog, "{old}");
        let lenient = PolicyRule { unlogged: true, ..world.rule() };
        let found = only(world.evidence(lenient));
        assert!(found.verdict.is_valid() && !found.logged && found.time == Some(SIGNED_AT));
        let mut world = World::new();
        put(&mut world, Form { logged: false, stamped: false, ..FORM });
        assert_eq!(world.verdict(world.rule()), Verdict::NoTime, "{old}");
        let lenient = PolicyRule { unlogged: true, ..world.rule() };
        assert_eq!(world.verdict(lenient), Verdict::NoTime, "{old}");
    }
}

#[test]
fn a_certificate_counts_in_its_ten_minutes_only() {
    let mut world = World::new();
    let who = world.who.clone();
    world.sigstore.clock_ahead = 60 * 60;
    sign(&mut world, Signer::Keyless(&who), Form { stamped: true, ..FORM });
    let found = world.verdict(world.rule());
    assert!(matches!(&found, Verdict::Invalid(_) | Verdict::UntrustedRoot(_)), "{found:?}");
}

#[test]
fn without_a_policy_only_what_is_known_to_all_is_unjudged() {
    let mut world = World::new();
    let who = world.who.clone();
    sign(&mut world, Signer::Keyless(&who), FORM);
    assert!(matches!(world.without_policy(), Verdict::UntrustedRoot(_)));
    let mut world = World::new();
    sign(&mut world, Signer::Key(&TestKey::new()), Form { logged: false, ..FORM });
    assert!(matches!(world.without_policy(), Verdict::Unsupported(_)));
    let mut world = World::new();
    sign(&mut world, Signer::Key(&TestKey::new()), FORM);
    assert!(matches!(world.without_policy(), Verdict::Unsupported(_)));
    let unnamed = judged(&world.source, &[], Some(&world.image.digest), None);
    assert!(unnamed.requirement.is_none() && unnamed.searched);
}

#[test]
fn what_known_roots_vouch_for_is_unjudged_without_a_policy() {
    let unjudged = |world: &World| {
        let roots = vec![root(&world.sigstore)];
        let verifier = Verifier::with_roots(Policy::default(), roots, NOW).unwrap();
        only(verifier.evidence(&world.source, None, Some(&world.image.digest), None))
    };
    let mut world = World::new();
    let who = world.who.clone();
    sign(&mut world, Signer::Keyless(&who), FORM);
    let found = unjudged(&world);
    assert_eq!(found.verdict, Verdict::Unjudged);
    assert_eq!(found.identity.unwrap().subject, who.subject);
    // Also without a log, if the time is proven.
    let mut world = World::new();
    sign(&mut world, Signer::Keyless(&who), Form { logged: false, stamped: true, ..FORM });
    assert_eq!(unjudged(&world).verdict, Verdict::Unjudged);
    // The key that the log has is anybody's.
    let key = TestKey::new();
    let mut world = World::new();
    sign(&mut world, Signer::Key(&key), FORM);
    let found = unjudged(&world);
    assert!(found.verdict == Verdict::Unjudged && found.logged, "{found:?}");
    let mut world = World::new();
    let mut bundle =
        world.sigstore.bundle(Signer::Key(&key), Signed::Statement(&signed(&world)), FORM);
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = json!("MAYCAQECAQE=");
    put(&mut world, &bundle);
    assert!(matches!(unjudged(&world).verdict, Verdict::Invalid(_)));
    let mut world = World::new();
    sign(&mut world, Signer::Key(&key), Form { logged: false, ..FORM });
    assert!(matches!(unjudged(&world).verdict, Verdict::Unsupported(_)));
}

#[test]
fn an_index_is_told_from_its_manifests() {
    let mut world = World::new();
    let who = world.who.clone();
    let list = index(&mut world.source, &[world.image.descriptor.clone()]);
    let stated = statement(&list.digest, SIGN, &json!({}));
    let bundle = world.sigstore.bundle(Signer::Keyless(&who), Signed::Statement(&stated), FORM);
    attach(&mut world.source, Some(&list), BUNDLE, &[Layer::bundle(&bundle)]);
    let parsed = careen_image_model::oci::Index {
        media_type: String::new(),
        manifests: vec![world.image.descriptor.clone()],
        subject: None,
        annotations: std::collections::BTreeMap::default(),
    };
    let both = Some((&list.digest, &parsed));
    let found = judged(&world.source, &[world.rule()], Some(&world.image.digest), both);
    let found = only(found);
    assert_eq!((found.verdict, found.covers), (Verdict::Valid, Covers::Index));
    let alone = world.evidence(world.rule());
    assert!(alone.signatures.is_empty());
    let only_index = judged(&world.source, &[world.rule()], None, both);
    assert_eq!(only(only_index).covers, Covers::Index);
}

#[test]
fn a_root_whose_keys_have_ended_is_stale() {
    let mut world = World::new();
    let who = world.who.clone();
    sign(&mut world, Signer::Keyless(&who), FORM);
    let json = world.sigstore.trusted_root_ended("2026-07-01T00:00:00Z");
    let ended = TrustedRoot::Custom { name: "old.json".into(), json };
    let rule = PolicyRule { trusted_roots: vec![ended.clone()], ..world.rule() };
    let evidence = world.evidence(rule);
    let stale = evidence.stale_root.clone().unwrap();
    assert!(stale.contains("old.json"), "{stale}");
    // What was signed in time holds for ever.
    assert_eq!(only(evidence).verdict, Verdict::Valid);
    let json = world.sigstore.trusted_root_ended("2026-05-01T00:00:00Z");
    let before = TrustedRoot::Custom { name: "older.json".into(), json };
    let rule = PolicyRule { trusted_roots: vec![before], ..world.rule() };
    assert!(!world.verdict(rule).holds());
    let roots = vec![ended, root(&world.sigstore)];
    let rule = PolicyRule { trusted_roots: roots, ..world.rule() };
    assert_eq!(world.evidence(rule).stale_root, None);
}
