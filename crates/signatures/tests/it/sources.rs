//! Sources that fail: what could not be looked at is told, and is never a pass.

use careen_image_model::oci::{Descriptor, Digest, Verdict};
use careen_image_source::{Blob, ImageSource, MemorySource, Root, SourceError};
use careen_testkit::sigstore::attach_tag;
use careen_testkit::sigstore::{Form, Layer, Signed, Signer, attach, payload, statement};
use serde_json::json;

use crate::world::{BUNDLE, SIGN, World, judged, only};

/// A source of which some questions fail.
#[derive(Default)]
struct Failing {
    inner: MemorySource,
    referrers: Option<SourceError>,
    tags: Option<SourceError>,
    blobs: Option<SourceError>,
    documents: Option<(Digest, SourceError)>,
    without_evidence: bool,
}

impl ImageSource for Failing {
    fn root(&self) -> Result<Root, SourceError> {
        self.inner.root()
    }

    fn raw_document(&self, digest: &Digest) -> Result<Vec<u8>, SourceError> {
        match &self.documents {
            Some((failing, error)) if failing == digest => Err(error.clone()),
            _ => self.inner.raw_document(digest),
        }
    }

    fn raw_blob(&self, descriptor: &Descriptor) -> Result<Blob<'_>, SourceError> {
        self.blobs.clone().map_or_else(|| self.inner.raw_blob(descriptor), Err)
    }

    fn tag(&self, tag: &str) -> Result<Option<Digest>, SourceError> {
        self.tags.clone().map_or_else(|| self.inner.tag(tag), Err)
    }

    fn referrers(&self, digest: &Digest) -> Result<Vec<Descriptor>, SourceError> {
        self.referrers.clone().map_or_else(|| self.inner.referrers(digest), Err)
    }

    fn keeps_evidence(&self) -> bool {
        !self.without_evidence
    }
}

fn unreachable() -> SourceError {
    SourceError::Unreachable("the registry did not answer".to_owned())
}

/// An image with a good signature in a referrer, and one behind a tag.
fn signed() -> (World, Digest) {
    let mut world = World::new();
    let who = world.who.clone();
    let image = world.image.clone();
    let stated = statement(&image.digest, SIGN, &json!({}));
    let signer = Signer::Keyless(&who);
    let bundle = world.sigstore.bundle(signer, Signed::Statement(&stated), Form::default());
    let attached = attach(&mut world.source, Some(&image), BUNDLE, &[Layer::bundle(&bundle)]);
    let payload = payload(&image.digest, "");
    let notes = world.sigstore.annotations(signer, &payload, Form::default());
    let layer = Layer::simple_signing(&payload, notes);
    attach_tag(&mut world.source, &image.digest, "sig", &[layer]);
    (world, attached.digest)
}

#[test]
fn what_fails_is_told_and_the_rest_still_counts() {
    let (world, attached) = signed();
    let look = |source: Failing| {
        let inner = world.source.clone();
        let source = Failing { inner, ..source };
        judged(&source, &[world.rule()], Some(&world.image.digest), None)
    };
    let all = look(Failing::default());
    assert_eq!(all.signatures.len(), 2);
    assert!(all.unreachable.is_empty() && all.signatures.iter().all(|it| it.verdict.is_valid()));

    let found = look(Failing { referrers: Some(unreachable()), ..Failing::default() });
    assert_eq!(found.unreachable.len(), 1, "{:?}", found.unreachable);
    assert!(found.unreachable[0].contains("the registry did not answer"));
    assert_eq!(only(found).verdict, Verdict::Valid);

    let found = look(Failing { tags: Some(unreachable()), ..Failing::default() });
    assert_eq!(found.unreachable.len(), 3);
    assert_eq!(found.signatures.len(), 1);

    let denied = SourceError::Denied("no credentials".to_owned());
    let found = look(Failing { documents: Some((attached, denied)), ..Failing::default() });
    assert_eq!((found.unreachable.len(), found.signatures.len()), (1, 1));

    let found = look(Failing { blobs: Some(unreachable()), ..Failing::default() });
    assert_eq!(found.unreachable.len(), 2);
    assert_eq!(found.signatures.len(), 2);
    assert!(found.signatures.iter().all(|it| matches!(it.verdict, Verdict::Unreachable(_))));

    let both =
        Failing { referrers: Some(unreachable()), tags: Some(unreachable()), ..Failing::default() };
    let found = look(both);
    assert!(found.searched && found.signatures.is_empty() && found.unreachable.len() == 4);
}

#[test]
fn what_is_absent_is_not_unreachable() {
    let (world, _) = signed();
    let absent = || Some(SourceError::NotFound("no such thing".to_owned()));
    let inner = world.source.clone();
    let source = Failing { inner, referrers: absent(), tags: absent(), ..Failing::default() };
    let found = judged(&source, &[world.rule()], Some(&world.image.digest), None);
    assert!(found.searched && found.signatures.is_empty() && found.unreachable.is_empty());
}

#[test]
fn a_place_without_evidence_is_not_searched() {
    let (world, _) = signed();
    let inner = world.source.clone();
    let source = Failing { inner, without_evidence: true, ..Failing::default() };
    let found = judged(&source, &[world.rule()], Some(&world.image.digest), None);
    assert!(!found.searched && found.signatures.is_empty() && found.requirement.is_some());
    let found = judged(&world.source, &[world.rule()], None, None);
    assert!(!found.searched);
}

#[test]
fn bytes_that_are_not_what_their_digest_says_are_invalid() {
    let mut world = World::new();
    let who = world.who.clone();
    let image = world.image.clone();
    let good = payload(&image.digest, "");
    let notes = world.sigstore.annotations(Signer::Keyless(&who), &good, Form::default());
    attach_tag(&mut world.source, &image.digest, "sig", &[Layer::simple_signing(&good, notes)]);
    let mut other = good.clone();
    other[20] ^= 1;
    let digest = careen_image_source::digest_of("sha256", &good).unwrap();
    world.source.tamper(&digest, other);
    let found = world.verdict(world.rule());
    assert!(matches!(&found, Verdict::Invalid(why) if why.contains("digest")), "{found:?}");
    // A manifest that was swapped.
    let (mut world, _) = signed();
    let tag = format!("sha256-{}.sig", world.image.digest.hex());
    let manifest = world.source.tag(&tag).unwrap().unwrap();
    world.source.tamper(&manifest, b"{}".to_vec());
    let found = world.evidence(world.rule());
    assert_eq!((found.unreachable.len(), found.signatures.len()), (1, 1));
}
