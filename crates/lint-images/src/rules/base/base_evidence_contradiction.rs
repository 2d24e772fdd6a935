use careen_image_model::oci::OsRelease;
use careen_image_model::reference::ImageRef;
use careen_model::Context;
use careen_rule::{Confidence, Finding, Severity, SnapshotSink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::base_evidence::{BaseImage, Claim, NAME, Proof, annotation_span, claims};
use crate::distribution;
use crate::subject::{Built, cut};

rule! {
    /// Policies and scanners take the base of an image from what is noted on it. Where the notes
    /// contradict the provenance or the files, they judge an image that was not built like that:
    /// an unapproved or an old base passes for another. A note is often left over from an earlier
    /// base; a label may be inherited from the base image itself, and then names *its* base.
    ///
    /// What differs between mirrors is the registry, so names are compared by their last part.
    ///
    /// ```image bad file=app
    /// # finds manifest.json @ "docker.io/library/debian:13": annotation `org.opencontainers.image.base.name` of image `app` says `docker.io/library/debian:13`, but its provenance lists no such image
    /// annotations: {org.opencontainers.image.base.name: "docker.io/library/debian:13"}
    /// evidence:
    ///   attestations:
    ///     - predicate-type: https://slsa.dev/provenance/v0.2
    ///       place: index
    ///       verdict: unsigned
    ///       predicate:
    ///         materials:
    ///           - {uri: "pkg:docker/docker/dockerfile@1"}
    ///           - {uri: "pkg:docker/ubuntu@24.04?platform=linux%2Famd64"}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json @ "debian:13": annotation `org.opencontainers.image.base.name` of image `app` says `debian:13`, but its `os-release` says `alpine 3.22.1`
    /// annotations: {org.opencontainers.image.base.name: "debian:13"}
    /// layers:
    ///   - etc/os-release: "ID=alpine\nVERSION_ID=3.22.1\n"
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "alpine:3.20": label `org.opencontainers.image.base.name` of image `app` says `alpine:3.20`, but its `os-release` says `alpine 3.22.1`
    /// config: {Labels: {org.opencontainers.image.base.name: "alpine:3.20"}}
    /// layers:
    ///   - etc/os-release: "ID=alpine\nVERSION_ID=3.22.1\n"
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "debian:12": label `org.opencontainers.image.base.name` of image `app` says `debian:12`, but its annotation says `example.com/base:3`
    /// annotations: {org.opencontainers.image.base.name: "example.com/base:3"}
    /// config: {Labels: {org.opencontainers.image.base.name: "debian:12"}}
    /// ```
    /// ```image good file=app
    /// annotations: {org.opencontainers.image.base.name: "docker.io/library/node:24-alpine"}
    /// config: {Labels: {org.opencontainers.image.base.name: "node:24-alpine"}}
    /// layers:
    ///   - etc/os-release: "ID=alpine\nVERSION_ID=3.22.1\n"
    /// evidence:
    ///   attestations:
    ///     - predicate-type: https://slsa.dev/provenance/v1
    ///       place: index
    ///       verdict: valid
    ///       predicate:
    ///         buildDefinition:
    ///           resolvedDependencies:
    ///             - {uri: "pkg:docker/golang@1.26"}
    ///             - {uri: "pkg:docker/mirror.example.com/library/node@24-alpine"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-evidence-contradiction",
        summary: "what is noted of an image's base contradicts the image",
        remedy: "Set `org.opencontainers.image.base.name` and `.digest` where the image is built.",
        severity: High,
        check: Check::Image(check),
        confidence: Confidence::High,
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_BASE],
        references: &["https://github.com/opencontainers/image-spec/blob/main/annotations.md"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let claims = claims(built);
    let find = |proof: Proof| {
        let claim = claims.iter().find(|claim| claim.proof == proof)?;
        claim.images.first().filter(|image| image.reference.is_some())
    };
    let (annotation, label) = (find(Proof::Annotation), find(Proof::Label));
    let provenance: Vec<&Claim> =
        claims.iter().filter(|claim| claim.proof <= Proof::Provenance).collect();
    for (proof, noted) in [(Proof::Annotation, annotation), (Proof::Label, label)] {
        let Some(noted) = noted else { continue };
        let Some(reference) = &noted.reference else { continue };
        let listed: Vec<&BaseImage> = provenance.iter().flat_map(|claim| &claim.images).collect();
        // A label is inherited from the base image, which may name its own base with it.
        let mild = proof == Proof::Label;
        let other = annotation.filter(|it| mild && differ(it, noted));
        let (but, mild) = if let Some(what) = not_listed(noted, &listed) {
            (what, mild)
        } else if let Some(release) = built.os_release().filter(|it| contradicts(reference, it)) {
            let version = release.version.as_deref().unwrap_or_default();
            let system = format!("{} {version}", release.id);
            (format!("its `os-release` says `{}`", cut(system.trim_end())), false)
        } else if let Some(other) = other.and_then(|other| other.reference.as_ref()) {
            (format!("its annotation says `{}`", cut(other.as_written())), mild)
        } else {
            continue;
        };
        let finding = report(built, out, proof, reference, &but);
        if mild {
            finding.severity(Severity::Low);
        }
    }
}

fn report<'s>(
    built: &Built<'_>,
    out: &'s mut SnapshotSink<'_>,
    proof: Proof,
    reference: &ImageRef,
    but: &str,
) -> &'s mut Finding {
    let what = proof.name();
    let message = format!(
        "{what} `{NAME}` of image `{}` says `{}`, but {but}",
        built.name(),
        cut(reference.as_written())
    );
    let finding = if proof == Proof::Label {
        let node = built.image.config.labels().find(|(name, ..)| *name == NAME);
        built.report_config(out, node.map(|(_, _, node)| node), message)
    } else {
        let span = annotation_span(built, NAME).unwrap_or(Span::new(0, 1));
        built.report(out, &built.image.manifest_source, span, message)
    };
    finding.evidence(what)
}

/// How provenance contradicts a note, if it does. It may name the index and the note the
/// manifest in it, so digests alone contradict nothing.
fn not_listed(noted: &BaseImage, listed: &[&BaseImage]) -> Option<String> {
    let is_unknown = |image: &BaseImage| {
        image.reference.is_none() || (noted.digest.is_some() && image.digest == noted.digest)
    };
    if listed.is_empty() || listed.iter().any(|image| is_unknown(image)) {
        return None;
    }
    let name = noted.last_name();
    let mut same = listed.iter().filter(|image| image.last_name() == name).peekable();
    if same.peek().is_none() {
        return Some("its provenance lists no such image".to_owned());
    }
    let (tag, first) = (noted.tag()?, same.peek()?.tag()?);
    let differ = same.all(|image| image.tag().is_some_and(|other| other != tag));
    differ.then(|| format!("its provenance lists that image with tag `{}`", cut(first)))
}

/// Whether two notes name different images, by their last parts and, where both have one, tags.
fn differ(one: &BaseImage, other: &BaseImage) -> bool {
    let tags = one.tag().zip(other.tag());
    one.last_name() != other.last_name() || tags.is_some_and(|(one, other)| one != other)
}

/// Whether a system cannot be that of an image.
fn contradicts(reference: &ImageRef, release: &OsRelease) -> bool {
    distribution::of(reference)
        .is_some_and(|it| !it.may_be(&release.id, release.version.as_deref()))
}
