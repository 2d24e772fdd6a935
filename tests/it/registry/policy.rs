//! The policy about signatures, over images that the user names.

use std::path::Path;

use careen_image_model::oci::Digest;
use careen_image_source::{ImageSource, digest_of};
use careen_testkit::sigstore::{Form, Layer, Signer, payload, statement};
use serde_json::{Value, json};

use super::real::Real;
use super::repository::Repository;
use super::world::{PROVENANCE, VULN, World, provenance};
use super::{ask, rules, told};
use crate::harness::Run;

fn look(folder: &Path, reference: &str) -> Run {
    ask(folder, &["check", "--online", reference, "--format", "json"])
}

/// The digest of an image that is not there.
fn another() -> Digest {
    digest_of("sha256", b"another image").unwrap()
}

/// Where a pushed `v1` is told of.
fn path(reference: &str) -> String {
    format!("{reference}!manifest.json:1:1")
}

#[test]
fn what_the_policy_accepts_passes_and_what_it_does_not_is_told() {
    let Some(real) = Real::start() else { return };
    let world = World::new();
    let folder = world.folder(&real.address);
    let stranger = Signer::Keyless(&world.stranger);

    let mut copied = Repository::new("copied");
    copied.sign_by_tag(&world.sigstore, world.key(), &another());
    let mut moved = Repository::new("moved");
    moved.sign_by_bundle(&world.sigstore, world.who(), &another());
    let mut changed = Repository::new("changed");
    let was = payload(&another(), "");
    let notes = world.sigstore.annotations(world.key(), &was, Form::default());
    let now = payload(changed.digest(), "");
    changed.tag_layer("sig", Layer::simple_signing(&now, notes));
    let mut other_key = Repository::new("other-key");
    let digest = other_key.digest().clone();
    other_key.sign_by_tag(&world.sigstore, Signer::Key(&world.other_key), &digest);
    let mut by_stranger = Repository::new("stranger");
    let digest = by_stranger.digest().clone();
    by_stranger.sign_by_bundle(&world.sigstore, stranger, &digest);
    let mut untrusted = Repository::new("untrusted");
    let digest = untrusted.digest().clone();
    untrusted.sign_by_bundle(&world.elsewhere, world.who(), &digest);
    let mut notation = Repository::new("notation");
    let layer = Layer::new("application/jose+json", "{}");
    notation.refer("application/vnd.cncf.notary.signature", &layer);

    for (name, repository, expected) in [
        ("keyed/signed", world.keyed("signed"), None),
        ("keyed/unsigned", Repository::new("unsigned"), Some("signature-missing")),
        ("keyed/copied", copied, Some("signature-other-digest")),
        ("keyed/changed", changed, Some("signature-invalid")),
        ("keyed/other-key", other_key, Some("signature-wrong-key")),
        ("keyed/certificate", world.keyless("certificate"), Some("signature-wrong-identity")),
        ("keyless/signed", world.keyless("signed"), None),
        ("keyless/unsigned", Repository::new("unsigned"), Some("signature-missing")),
        ("keyless/moved", moved, Some("signature-other-digest")),
        ("keyless/stranger", by_stranger, Some("signature-wrong-identity")),
        ("keyless/untrusted", untrusted, Some("signature-untrusted-root")),
        ("keyless/notation", notation, Some("signature-unsupported-format")),
        // No rule of the policy covers it.
        ("free/unsigned", Repository::new("unsigned"), None),
    ] {
        let reference = real.push(name, &repository);
        let by_digest = format!("{}@{}", reference.trim_end_matches(":v1"), repository.digest());
        for reference in [reference, by_digest] {
            let run = look(folder.path(), &reference);
            let expected: Vec<_> =
                expected.map(|rule| format!("{} {rule}", path(&reference))).into_iter().collect();
            assert_eq!(run.findings(), expected, "{}{}", run.stdout, run.stderr);
            assert_eq!(run.code, i32::from(!expected.is_empty()), "{name}: {}", run.stderr);
            assert_eq!(run.notes(), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn attestations_count_for_the_digest_that_they_name() {
    let Some(real) = Real::start() else { return };
    let world = World::new();
    let folder = world.folder(&real.address);

    let reference = real.push("attested/whole", &world.attested("whole"));
    let run = look(folder.path(), &reference);
    assert_eq!(rules(&run), ["vuln-findings"], "{}{}", run.stdout, run.stderr);
    assert!(told(&run, "vuln-findings")[0].contains("`CVE-2026-1001` in `openssl`"));

    let reference = real.push("attested/signed", &world.keyless("signed"));
    let run = look(folder.path(), &reference);
    assert_eq!(rules(&run), ["provenance-missing", "vuln-attestation-missing"], "{}", run.stdout);

    // About another image, by a stranger, by nobody.
    let mut elsewhere = world.keyless("elsewhere");
    let digest = elsewhere.digest().clone();
    elsewhere.attest(&world.sigstore, world.who(), &another(), PROVENANCE, &provenance());
    let stranger = Signer::Keyless(&world.stranger);
    elsewhere.attest(&world.sigstore, stranger, &digest, VULN, &super::world::scan());
    let mut unsigned = world.keyless("unsigned");
    let digest = unsigned.digest().clone();
    let stated = statement(&digest, PROVENANCE, &provenance()).to_string();
    let mut layer = Layer::new("application/vnd.in-toto+json", stated);
    layer.annotations.insert("in-toto.io/predicate-type".to_owned(), PROVENANCE.to_owned());
    unsigned.refer("application/vnd.in-toto+json", &layer);
    for (name, repository) in [("attested/elsewhere", elsewhere), ("attested/unsigned", unsigned)] {
        let reference = real.push(name, &repository);
        let run = look(folder.path(), &reference);
        assert!(rules(&run).contains(&"attestation-unverified".to_owned()), "{}", run.stdout);
        assert!(!rules(&run).contains(&"vuln-findings".to_owned()), "{}", run.stdout);
        assert_eq!(run.code, 1);
    }
}

#[test]
fn what_was_changed_in_the_storage_is_never_a_pass() {
    let Some(real) = Real::start() else { return };
    let world = World::new();
    let folder = world.folder(&real.address);
    let flip = |bytes: &mut Vec<u8>| bytes[20] ^= 1;
    let parts = |repository: &Repository| -> (Digest, Digest) {
        let manifest: Value = serde_json::from_slice(&repository.image.bytes).unwrap();
        let digest = |value: &Value| Digest::parse(value["digest"].as_str().unwrap()).unwrap();
        (digest(&manifest["config"]), digest(&manifest["layers"][0]))
    };
    let signature_of = |repository: &Repository| {
        let (_, tags) = repository.tagged();
        let manifest = repository.source.raw_document(&tags[1].1).unwrap();
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        Digest::parse(manifest["layers"][0]["digest"].as_str().unwrap()).unwrap()
    };

    let payload = world.keyed("payload");
    let reference = real.push("keyed/payload", &payload);
    real.spoil(&signature_of(&payload), flip);
    let run = look(folder.path(), &reference);
    assert_eq!(
        (rules(&run), run.code),
        (vec!["signature-invalid".to_owned()], 1),
        "{}",
        run.stdout
    );

    let layer = world.keyed("layer");
    let reference = real.push("keyed/layer", &layer);
    real.spoil(&parts(&layer).1, flip);
    let run = look(folder.path(), &reference);
    assert!(rules(&run).contains(&"image-config-digest-mismatch".to_owned()), "{}", run.stdout);
    assert_ne!(run.code, 0);

    let config = world.keyed("config");
    let config_reference = real.push("keyed/config", &config);
    real.spoil(&parts(&config).0, flip);
    let manifest = world.keyed("manifest");
    let manifest_reference = real.push("keyed/manifest", &manifest);
    real.spoil(manifest.digest(), |bytes| bytes.push(b' '));
    let pinned = format!("{}@{}", manifest_reference.trim_end_matches(":v1"), manifest.digest());
    for reference in [config_reference, manifest_reference, pinned] {
        let run = look(folder.path(), &reference);
        assert_eq!(run.code, 2, "{reference}: {}{}", run.stdout, run.stderr);
        let notes = run.notes().join("\n");
        assert!(notes.contains(&reference), "{notes}");
        assert!(notes.contains("not what its digest"), "{notes}");
    }

    // A manifest of signatures that is not the one that the tag named.
    let signature = world.keyed("signature");
    let reference = real.push("keyed/signature", &signature);
    let (_, tags) = signature.tagged();
    real.spoil(&tags[1].1, |bytes| bytes.push(b' '));
    let run = look(folder.path(), &reference);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert_eq!(rules(&run), ["signature-unchecked"], "{}", run.stdout);
}

#[test]
fn an_index_is_signed_as_it_is_deployed() {
    let Some(real) = Real::start() else { return };
    let world = World::new();
    let folder = world.folder(&real.address);
    let mut repository = Repository::made(
        "config: {User: \"10001:10001\", Cmd: [/app/run]}\n\
         layers: [{app/run: {mode: \"755\", size: 8}}]\n\
         index: [linux/amd64, linux/arm64]\n",
    );
    let digest = repository.digest().clone();
    repository.sign_by_bundle(&world.sigstore, world.who(), &digest);
    let reference = real.push("keyless/index", &repository);
    let run = look(folder.path(), &reference);
    assert_eq!((rules(&run), run.code), (vec![], 0), "{}{}", run.stdout, run.stderr);

    // The image alone is not signed.
    let index: Value = serde_json::from_slice(&repository.image.bytes).unwrap();
    let image = index["manifests"][0]["digest"].as_str().unwrap();
    let run = look(folder.path(), &format!("{}@{image}", reference.trim_end_matches(":v1")));
    assert_eq!(rules(&run), ["signature-missing"], "{}", run.stdout);
}

#[test]
fn a_policy_without_its_files_is_refused() {
    let world = World::new();
    let folder = world.folder("registry.example.com");
    std::fs::remove_file(folder.path().join("cosign.pub")).unwrap();
    let run = look(folder.path(), "docker://registry.example.com/keyed/app:v1");
    assert_eq!(run.code, 2);
    for part in ["careen.yaml:4", "`cosign.pub` cannot be read"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    std::fs::write(folder.path().join("cosign.pub"), json!({}).to_string()).unwrap();
    let run = look(folder.path(), "docker://registry.example.com/keyed/app:v1");
    assert!(run.code == 2 && run.stderr.contains("cannot be used"), "{}", run.stderr);
}
