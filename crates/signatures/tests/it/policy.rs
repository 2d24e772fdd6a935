//! Which rule counts, and what a policy may not say.

use careen_signatures::{
    ImagePattern, Policy, PolicyRule, PublicKey, TrustedRoot, Verifier, predicate_type,
};
use careen_testkit::sigstore::TestKey;
use careen_testkit::{NOW, make};

use crate::world::{World, judged};

#[test]
fn the_first_rule_that_covers_an_image_counts() {
    let world = World::new();
    let rule = |pattern: &str| PolicyRule {
        images: vec![ImagePattern::parse(pattern).unwrap()],
        unlogged: pattern.contains("shop"),
        attestations: vec!["spdx".to_owned()],
        ..world.rule()
    };
    let digest = Some(&world.image.digest);
    let rules = [rule("ghcr.io/*"), rule("*/acme/shop"), rule("registry.example.com")];
    let found = judged(&world.source, &rules, digest, None).requirement.unwrap();
    assert_eq!((found.pattern.as_str(), found.transparency), ("*/acme/shop", false));
    assert_eq!(found.attestations, [predicate_type("spdx")]);
    assert!(judged(&world.source, &rules[..1], digest, None).requirement.is_none());
}

#[test]
fn a_root_that_is_none_is_named() {
    let world = World::new();
    for json in [&b""[..], b"{}", b"[]", &[0xff], br#"{"mediaType":"x","tlogs":[{}]}"#] {
        let root = TrustedRoot::Custom { name: "trust.json".into(), json: json.to_vec() };
        let rule = PolicyRule { trusted_roots: vec![root], ..world.rule() };
        let error = Verifier::new(Policy { rules: vec![rule] }, NOW).unwrap_err();
        assert!(error.to_string().contains("trust.json"), "{error}");
    }
}

#[test]
fn keys_are_public_ones() {
    assert!(PublicKey::from_pem(TestKey::new().public_pem().as_bytes()).is_ok());
    let private = make("leaf: {key: p256}")["leaf.key"].clone();
    let error = PublicKey::from_pem(private.as_bytes()).unwrap_err();
    assert!(error.contains("private") && !error.contains(private.lines().nth(1).unwrap()));
    let certificate = make("leaf: {key: p256}")["leaf.crt"].clone();
    let two = TestKey::new().public_pem() + &TestKey::new().public_pem();
    for bad in [
        "",
        "x",
        &certificate,
        &two,
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    ] {
        assert!(PublicKey::from_pem(bad.as_bytes()).is_err(), "{bad}");
    }
}
