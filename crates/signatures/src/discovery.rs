//! Where signatures and attestations may lie, in every form that is known: all of it is looked at.

mod found;

use std::collections::BTreeSet;

use careen_image_model::ImageRef;
use careen_image_model::oci::{
    Covers, Descriptor, Digest, Document, Evidence, Index, Manifest, parse_document,
};
use careen_image_source::{ImageSource, SourceError};

use crate::judge::Court;
use crate::limits;

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";
const NOTATION: &str = "application/vnd.cncf.notary.signature";
const STATEMENT: &str = "application/vnd.in-toto+json";
/// Layers that are an SBOM and nothing else: what they say is signed by nobody.
const SBOMS: [(&str, &str); 7] = [
    ("application/spdx+json", "https://spdx.dev/Document"),
    ("text/spdx+json", "https://spdx.dev/Document"),
    ("spdx+json", "https://spdx.dev/Document"),
    ("text/spdx", "https://spdx.dev/Document"),
    ("application/vnd.cyclonedx+json", "https://cyclonedx.org/bom"),
    ("application/vnd.cyclonedx+xml", "https://cyclonedx.org/bom"),
    ("application/vnd.cyclonedx", "https://cyclonedx.org/bom"),
];

/// The search for one image.
pub(crate) struct Search<'a> {
    source: &'a dyn ImageSource,
    court: Court<'a>,
    /// The repository that payloads must name, if the policy asks for it.
    repository: Option<&'a ImageRef>,
    evidence: Evidence,
    fetched: u64,
    seen: BTreeSet<(Digest, bool)>,
    full: bool,
}

/// What is looked for the evidence of.
#[derive(Clone, Copy)]
struct Subject<'a> {
    digest: &'a Digest,
    covers: Covers,
}

/// How a manifest was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Tag,
    Referrer,
    Inside,
}

/// A layer with what is around it.
struct Found<'a> {
    subject: Subject<'a>,
    way: Way,
    /// How reports call the place.
    place: &'a str,
    manifest: &'a Manifest,
    layer: &'a Descriptor,
}

impl<'a> Search<'a> {
    pub(crate) fn new(
        source: &'a dyn ImageSource,
        court: Court<'a>,
        repository: Option<&'a ImageRef>,
        evidence: Evidence,
    ) -> Self {
        let seen = BTreeSet::new();
        Self { source, court, repository, evidence, fetched: 0, seen, full: false }
    }

    pub(crate) fn finish(self) -> Evidence {
        self.evidence
    }

    /// Looks for everything that names a digest, or is named after it.
    pub(crate) fn subject(&mut self, digest: &Digest, covers: Covers) {
        let subject = Subject { digest, covers };
        match self.source.referrers(digest) {
            Ok(list) => {
                if list.len() > limits::REFERRERS {
                    let (most, all) = (limits::REFERRERS, list.len());
                    let digest = digest.short();
                    self.note(format!("only {most} of {all} referrers of `{digest}` were read"));
                }
                for one in list.iter().take(limits::REFERRERS) {
                    self.open(subject, Way::Referrer, one.digest.as_str(), &one.digest);
                }
            }
            Err(error) if error.is_absent() => {}
            Err(error) => {
                self.missed(&format!("the referrers of `{}`", digest.short()), &error);
            }
        }
        for suffix in ["sig", "att", "sbom"] {
            let tag = format!("{}-{}.{suffix}", digest.algorithm(), digest.hex());
            match self.source.tag(&tag) {
                Ok(Some(manifest)) => self.open(subject, Way::Tag, &tag, &manifest),
                Ok(None) => {}
                Err(error) if error.is_absent() => {}
                Err(error) => self.missed(&format!("the tag `{tag}`"), &error),
            }
        }
    }

    /// Looks for what BuildKit put into the index beside the image. Nobody signed it.
    pub(crate) fn inside(&mut self, digest: &Digest, index: &Index) {
        let subject = Subject { digest, covers: Covers::Manifest };
        let ours =
            index.manifests.iter().filter(|one| one.attestation_of() == Some(digest.as_str()));
        for one in ours.take(limits::LAYERS) {
            self.open(subject, Way::Inside, one.digest.as_str(), &one.digest);
        }
    }

    fn open(&mut self, subject: Subject<'_>, way: Way, place: &str, digest: &Digest) {
        if !self.seen.insert((digest.clone(), subject.covers == Covers::Index)) || self.is_full() {
            return;
        }
        let bytes = match self.source.document(digest) {
            Ok(bytes) => bytes,
            Err(error) => {
                return self.missed(&format!("the manifest `{}`", digest.short()), &error);
            }
        };
        self.fetched = self.fetched.saturating_add(bytes.len() as u64);
        let manifest = match parse_document(&bytes) {
            Ok(Document::Manifest(manifest)) => manifest,
            Ok(_) => return,
            Err(error) => {
                return self.note(format!("`{}` could not be read: {error}", digest.short()));
            }
        };
        // A registry may list what it likes: what is about something else is not looked at.
        let about = manifest.subject.as_ref().map(|subject| &subject.digest);
        if way == Way::Referrer && about != Some(subject.digest) {
            return;
        }
        if manifest.artifact_type.as_deref() == Some(NOTATION)
            || manifest.config.media_type == NOTATION
        {
            return self.notation(subject, place);
        }
        if manifest.layers.len() > limits::LAYERS {
            let (most, all) = (limits::LAYERS, manifest.layers.len());
            self.note(format!("only {most} of {all} layers of `{place}` were read"));
        }
        for layer in manifest.layers.iter().take(limits::LAYERS) {
            if self.is_full() {
                return;
            }
            self.layer(&Found { subject, way, place, manifest: &manifest, layer });
        }
    }

    fn layer(&mut self, found: &Found<'_>) {
        let media_type = found.layer.media_type.as_str();
        if media_type.starts_with(BUNDLE) {
            return self.bundle(found);
        }
        match media_type {
            crate::legacy::SIMPLE_SIGNING => self.simple_signing(found),
            crate::legacy::ENVELOPE => self.envelope_of_cosign(found),
            STATEMENT => self.statement(found),
            _ => {
                // Syft and others add the version as a parameter.
                let bare = media_type.split(';').next().unwrap_or_default();
                if let Some((_, kind)) = SBOMS.iter().find(|(sbom, _)| *sbom == bare) {
                    self.sbom(found, kind);
                }
            }
        }
    }

    /// The bytes of a layer, within what is fetched for one image.
    fn fetch(&mut self, layer: &Descriptor, most: u64) -> Result<Vec<u8>, SourceError> {
        let left = limits::TOTAL.saturating_sub(self.fetched);
        let bytes = self.source.whole(layer, most.min(left))?;
        self.fetched = self.fetched.saturating_add(bytes.len() as u64);
        Ok(bytes)
    }

    fn is_full(&mut self) -> bool {
        let found = self.evidence.signatures.len() + self.evidence.attestations.len();
        if found < limits::FOUND && self.fetched < limits::TOTAL {
            return false;
        }
        if !self.full {
            self.full = true;
            self.note(format!("there are more signatures and attestations than the {found} read"));
        }
        true
    }

    fn missed(&mut self, what: &str, error: &SourceError) {
        let why = limits::shown(&error.to_string());
        self.note(format!("{what} could not be read: {why}"));
    }

    fn note(&mut self, why: String) {
        self.evidence.unreachable.push(why);
    }
}
