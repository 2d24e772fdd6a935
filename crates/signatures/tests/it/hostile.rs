//! Repositories that mean harm: everything ends, and is told.

use std::collections::BTreeMap;

use careen_image_model::oci::Verdict;
use careen_testkit::sigstore::{
    Form, Layer, Signed, Signer, attach, attach_tag, payload, statement,
};
use careen_testkit::{Xorshift, mutate};
use serde_json::json;

use crate::world::{BUNDLE, SIGN, World};

#[test]
fn a_crowd_is_cut_short_and_told() {
    let mut world = World::new();
    let image = world.image.clone();
    for at in 0..120 {
        let layer = Layer::new(BUNDLE, format!("{{\"a\":{at}}}"));
        attach(&mut world.source, Some(&image), BUNDLE, &[layer]);
    }
    let evidence = world.evidence(world.rule());
    assert_eq!(evidence.signatures.len(), 100);
    assert_eq!(evidence.unreachable.len(), 1, "{:?}", evidence.unreachable);
    let mut world = World::new();
    let layers: Vec<_> = (0..150).map(|at| Layer::new(BUNDLE, format!("{at}"))).collect();
    for _ in 0..3 {
        attach(&mut world.source, Some(&image), BUNDLE, &layers);
    }
    attach_tag(&mut world.source, &image.digest, "sig", &layers);
    attach_tag(&mut world.source, &image.digest, "att", &layers[1..]);
    let evidence = world.evidence(world.rule());
    assert!(evidence.signatures.len() <= 200);
    assert!(!evidence.unreachable.is_empty());
}

#[test]
fn what_is_too_large_is_not_read() {
    let mut world = World::new();
    let digest = world.image.digest.clone();
    let large = vec![b' '; 70 << 10];
    let layer = Layer::simple_signing(&large, BTreeMap::new());
    attach_tag(&mut world.source, &digest, "sig", &[layer]);
    let evidence = world.evidence(world.rule());
    assert!(matches!(evidence.signatures[0].verdict, Verdict::Unreachable(_)));
    assert_eq!(evidence.unreachable.len(), 1);
}

#[test]
fn a_referrer_of_something_else_is_not_looked_at() {
    use careen_image_model::oci::{Descriptor, Digest};
    use careen_image_source::{Blob, ImageSource, MemorySource, Root, SourceError};
    struct Lying(MemorySource, Vec<Descriptor>);
    impl ImageSource for Lying {
        fn root(&self) -> Result<Root, SourceError> {
            self.0.root()
        }
        fn raw_document(&self, digest: &Digest) -> Result<Vec<u8>, SourceError> {
            self.0.raw_document(digest)
        }
        fn raw_blob(&self, descriptor: &Descriptor) -> Result<Blob<'_>, SourceError> {
            self.0.raw_blob(descriptor)
        }
        fn tag(&self, tag: &str) -> Result<Option<Digest>, SourceError> {
            self.0.tag(tag)
        }
        fn referrers(&self, _: &Digest) -> Result<Vec<Descriptor>, SourceError> {
            Ok(self.1.clone())
        }
    }
    let mut world = World::new();
    let who = world.who.clone();
    let other = careen_testkit::sigstore::image(&mut world.source, &json!({ "os": "x" }));
    let stated = statement(&world.image.digest, SIGN, &json!({}));
    let signed = Signed::Statement(&stated);
    let bundle = world.sigstore.bundle(Signer::Keyless(&who), signed, Form::default());
    let attached = attach(&mut world.source, Some(&other), BUNDLE, &[Layer::bundle(&bundle)]);
    let lying = Lying(world.source.clone(), vec![attached.descriptor]);
    let rules = [world.rule()];
    let found = crate::world::judged(&lying, &rules, Some(&world.image.digest), None);
    assert!(found.signatures.is_empty());
}

#[test]
fn damaged_layers_are_never_a_pass_and_never_the_end() {
    let mut world = World::new();
    let who = world.who.clone();
    let image = world.image.clone();
    let stated = statement(&image.digest, SIGN, &json!({}));
    let signer = Signer::Keyless(&who);
    let bundle = world.sigstore.bundle(signer, Signed::Statement(&stated), Form::default());
    let bundle = bundle.to_string().into_bytes();
    let good = payload(&image.digest, "");
    let notes = world.sigstore.annotations(signer, &good, Form::default());
    let mut random = Xorshift::new(7);
    let mut layers = Vec::new();
    for _ in 0..60 {
        let mut bytes = bundle.clone();
        mutate(&mut random, &mut bytes);
        if bytes != bundle {
            layers.push(Layer::new(BUNDLE, bytes));
        }
        let mut bytes = good.clone();
        let mut notes = notes.clone();
        if random.below(2) == 0 {
            mutate(&mut random, &mut bytes);
        } else {
            for value in notes.values_mut() {
                let mut text = value.clone().into_bytes();
                mutate(&mut random, &mut text);
                *value = String::from_utf8_lossy(&text).into_owned();
            }
        }
        layers.push(Layer::simple_signing(&bytes, notes));
    }
    attach(&mut world.source, Some(&image), BUNDLE, &layers[..60]);
    attach(&mut world.source, Some(&image), BUNDLE, &layers[60..]);
    let evidence = world.evidence(world.rule());
    assert!(evidence.signatures.len() + evidence.attestations.len() > 100);
    // White space in JSON, or a chain that is not needed, may be all that was touched.
    let passes = evidence.signatures.iter().filter(|it| it.verdict.is_valid()).count();
    assert!(passes < 10, "{passes}");
}
