//! What tells which image a built image was built on, best evidence first.
//!
//! Provenance lists every image of the build, builder stages and front ends too, so it alone
//! settles the base only where it lists one. An annotation is the image's own; a label may have
//! been inherited from the base, which then names *its* base. `os-release` tells no more than the
//! distribution.

use careen_image_model::oci::{Attestation, Verdict};
use careen_image_model::reference::{self, ImageRef};
use careen_text::Span;

use crate::subject::Built;

mod purl;

/// The annotation, and the label, that names the base.
pub(crate) const NAME: &str = "org.opencontainers.image.base.name";
/// The annotation, and the label, with the digest of the base.
pub(crate) const DIGEST: &str = "org.opencontainers.image.base.digest";

/// Images of one provenance that are looked at.
const IMAGES_MAX: usize = 1_000;

/// A kind of evidence, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Proof {
    /// Provenance by a builder that the policy trusts.
    VerifiedProvenance,
    /// Provenance that anybody may have written.
    Provenance,
    /// An annotation of the manifest.
    Annotation,
    /// A label of the configuration.
    Label,
    /// `/etc/os-release`.
    OsRelease,
}

impl Proof {
    /// The name for people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::VerifiedProvenance => "verified provenance",
            Self::Provenance => "provenance",
            Self::Annotation => "annotation",
            Self::Label => "label",
            Self::OsRelease => "os-release",
        }
    }
}

/// What one piece of evidence says.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// Which kind it is.
    pub(crate) proof: Proof,
    /// The images of which one is the base.
    pub(crate) images: Vec<BaseImage>,
}

/// An image that may be the base.
#[derive(Clone, Debug, Default)]
pub(crate) struct BaseImage {
    /// Its name, where it is told and well-formed.
    pub(crate) reference: Option<ImageRef>,
    /// The digest of its index or its manifest.
    pub(crate) digest: Option<String>,
    /// The platform it was taken for.
    pub(crate) platform: Option<String>,
}

impl BaseImage {
    /// The last component of the repository, which mirrors keep.
    pub(crate) fn last_name(&self) -> Option<String> {
        let repository = self.reference.as_ref()?.repository();
        repository.rsplit('/').next().map(str::to_owned)
    }

    /// The tag.
    pub(crate) fn tag(&self) -> Option<&str> {
        self.reference.as_ref()?.tag()
    }
}

/// Everything that is claimed, the best first. `os-release` counts as a claim without images.
pub(crate) fn claims(built: &Built<'_>) -> Vec<Claim> {
    let mut claims = Vec::new();
    for attestation in &built.evidence().attestations {
        let Some(proof) = proof_of(&attestation.verdict) else { continue };
        let images = images_of(attestation);
        if !images.is_empty() {
            claims.push(Claim { proof, images });
        }
    }
    claims.extend(noted(Proof::Annotation, |name| annotation(built, name)));
    claims.extend(noted(Proof::Label, |name| built.image.config.label(name)));
    if built.os_release().is_some() {
        claims.push(Claim { proof: Proof::OsRelease, images: Vec::new() });
    }
    // Of equal proof the order found stays.
    claims.sort_by_key(|claim| claim.proof);
    claims
}

/// The base, by the best evidence that names a single image. Provenance that lists several is
/// narrowed down by the name that an annotation or a label gives.
pub(crate) fn base(claims: &[Claim]) -> Option<(&BaseImage, Proof)> {
    let noted = claims.iter().find(|claim| {
        matches!(claim.proof, Proof::Annotation | Proof::Label)
            && claim.images.iter().any(|image| image.reference.is_some())
    });
    let name = noted.and_then(|claim| claim.images.first()).and_then(BaseImage::last_name);
    claims.iter().find_map(|claim| {
        let image = match claim.images.as_slice() {
            [one] => Some(one),
            several => {
                let named = |image: &&BaseImage| name.is_some() && image.last_name() == name;
                let mut fitting = several.iter().filter(named);
                fitting.next().filter(|_| fitting.next().is_none())
            }
        };
        image.map(|image| (image, claim.proof))
    })
}

/// The value of an annotation of the manifest.
pub(crate) fn annotation<'a>(built: &Built<'a>, name: &str) -> Option<&'a str> {
    built.image.manifest.annotations.get(name).map(String::as_str)
}

/// Where an annotation's value stands in the manifest.
pub(crate) fn annotation_span(built: &Built<'_>, name: &str) -> Option<Span> {
    let tree = careen_yaml::parse(&built.image.manifest_source, &careen_yaml::Limits::default());
    let root = tree.documents().next()?.root()?;
    Some(root.at(&["annotations", name])?.span())
}

fn noted<'v>(proof: Proof, value: impl Fn(&str) -> Option<&'v str>) -> Option<Claim> {
    let reference = value(NAME).and_then(|name| reference::parse(name).ok());
    let digest = value(DIGEST).filter(|digest| digest.contains(':')).map(str::to_owned);
    if reference.is_none() && digest.is_none() {
        return None;
    }
    let digest = digest.or_else(|| reference.as_ref()?.digest().map(str::to_owned));
    Some(Claim { proof, images: vec![BaseImage { reference, digest, platform: None }] })
}

/// What a verdict makes of provenance. What is known not to hold proves nothing.
fn proof_of(verdict: &Verdict) -> Option<Proof> {
    match verdict {
        Verdict::Valid => Some(Proof::VerifiedProvenance),
        Verdict::Invalid(_) | Verdict::OtherDigest(_) | Verdict::Unreachable(_) => None,
        _ => Some(Proof::Provenance),
    }
}

/// The images that provenance says the build took, front ends and scanners of BuildKit left out.
fn images_of(attestation: &Attestation) -> Vec<BaseImage> {
    let predicate = &attestation.predicate;
    let v1 = || predicate.pointer("/buildDefinition/resolvedDependencies");
    let materials = predicate.get("materials").or_else(v1).and_then(|list| list.as_array());
    let materials = materials.into_iter().flatten().take(IMAGES_MAX);
    let images = materials.filter_map(|material| {
        let mut image = purl::image(material.get("uri")?.as_str()?)?;
        if let Some(hex) = material.pointer("/digest/sha256").and_then(|hex| hex.as_str()) {
            image.digest = Some(format!("sha256:{hex}"));
        }
        Some(image)
    });
    images.filter(|image| !is_of_builder(image)).collect()
}

fn is_of_builder(image: &BaseImage) -> bool {
    let Some(reference) = &image.reference else { return false };
    let repository = reference.repository();
    repository.starts_with("docker/dockerfile")
        || repository.starts_with("docker/buildkit")
        || repository.starts_with("docker/scout-")
        || repository == "moby/buildkit"
}

#[cfg(test)]
mod tests {
    use careen_image_model::reference;

    use super::{BaseImage, Claim, Proof, base};

    fn claim(proof: Proof, names: &[&str]) -> Claim {
        let image = |name: &&str| BaseImage {
            reference: reference::parse(name).ok(),
            ..BaseImage::default()
        };
        Claim { proof, images: names.iter().map(image).collect() }
    }

    fn told(claims: &[Claim]) -> Option<(String, Proof)> {
        let (image, proof) = base(claims)?;
        Some((image.reference.as_ref()?.as_written().to_owned(), proof))
    }

    #[test]
    fn the_best_evidence_that_names_one_image_counts() {
        use Proof::{Annotation, Label, OsRelease, Provenance};
        let one = claim(Provenance, &["debian:12"]);
        let several = claim(Provenance, &["golang:1.26", "mirror.example.com/debian:12"]);
        let annotation = claim(Annotation, &["debian:12"]);
        let label = claim(Label, &["alpine:3"]);
        let expect = |name: &str, proof| Some((name.to_owned(), proof));
        assert_eq!(told(&[one, annotation.clone()]), expect("debian:12", Provenance));
        assert_eq!(
            told(&[several.clone(), annotation.clone()]),
            expect("mirror.example.com/debian:12", Provenance)
        );
        assert_eq!(told(&[several.clone(), label.clone()]), expect("alpine:3", Label));
        assert_eq!(told(&[annotation, label]), expect("debian:12", Annotation));
        assert_eq!(told(&[several, claim(OsRelease, &[])]), None);
        assert!(Proof::VerifiedProvenance < Provenance && Label < OsRelease);
    }
}
