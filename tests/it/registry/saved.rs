//! What `cosign save` leaves, judged without a registry.

use careen_testkit::sigstore::{Form, Layer, Signer, statement};

use super::repository::Repository;
use super::world::{PROVENANCE, World, provenance};
use super::{ask, rules};

#[test]
fn signatures_beside_a_saved_image_are_judged() {
    let world = World::new();
    let wrong = |label: &str, signer: Signer<'_>, about: Option<&Repository>| {
        let mut repository = Repository::new(label);
        let digest = about.unwrap_or(&repository).digest().clone();
        repository.sign_by_tag(&world.sigstore, signer, &digest);
        repository
    };
    let other = Repository::new("other");
    let mut attested = world.keyed("attested");
    let stated = statement(attested.digest(), PROVENANCE, &provenance());
    let envelope = world.sigstore.attestation(world.key(), &stated, Form::default());
    attested.tag_layer("att", Layer::envelope(envelope));
    let mut bundle = Repository::new("bundle");
    let digest = bundle.digest().clone();
    bundle.sign_by_bundle(&world.sigstore, world.key(), &digest);
    for (name, repository, expected) in [
        ("bundle", bundle, &[][..]),
        ("signed", world.keyed("signed"), &[]),
        ("attested", attested, &[]),
        ("unsigned", Repository::new("unsigned"), &["signature-missing"]),
        ("key", wrong("key", Signer::Key(&world.other_key), None), &["signature-wrong-key"]),
        ("copied", wrong("copied", world.key(), Some(&other)), &["signature-other-digest"]),
    ] {
        // The saved image has no name: the policy covers all.
        let folder = world.folder("registry.example.com");
        let needs = if name == "attested" { "    attestations: [slsaprovenance1]\n" } else { "" };
        let policy = format!(
            "images:\n  signatures:\n  - images: [\"*\"]\n    keys: [cosign.pub]\n    \
             trusted-root: [root.json]\n{needs}"
        );
        super::world::write(folder.path(), "careen.yaml", &policy);
        repository.save(&folder.path().join(name));
        let image = format!("oci:{name}");
        let run = ask(folder.path(), &["check", &image, "--format", "json"]);
        assert_eq!(rules(&run), expected, "{name}: {}{}", run.stdout, run.stderr);
        assert_eq!(run.code, i32::from(!expected.is_empty()), "{name}: {}", run.stderr);
    }
}

/// An index that is saved with its signatures: they are about the index, not about the image in it.
#[test]
fn signatures_of_a_saved_index_are_about_the_index() {
    let world = World::new();
    let mut repository = Repository::made("{index: [linux/amd64], config: {User: \"10001\"}}");
    let digest = repository.digest().clone();
    repository.sign_by_tag(&world.sigstore, world.key(), &digest);
    let folder = world.folder("registry.example.com");
    let policy = "images:\n  signatures:\n  - images: [\"*\"]\n    keys: [cosign.pub]\n    \
                  trusted-root: [root.json]\n";
    super::world::write(folder.path(), "careen.yaml", policy);
    repository.save(&folder.path().join("app"));
    let run = ask(folder.path(), &["check", "oci:app", "--format", "json"]);
    let about = |rule: &&String| rule.starts_with("signature-");
    let found: Vec<_> = rules(&run).into_iter().filter(|it| about(&it)).collect();
    assert_eq!(found, Vec::<String>::new(), "{}{}", run.stdout, run.stderr);
}
