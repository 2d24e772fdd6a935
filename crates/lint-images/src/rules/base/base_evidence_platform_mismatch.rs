use careen_image_model::oci::Platform;
use careen_model::Context;
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::base_evidence::{BaseImage, Proof, claims};
use crate::rules::config::image_platform_mismatch::{is_same, own_platform};
use crate::subject::{Built, cut};

rule! {
    /// Provenance names the platform that each image of the build was taken for. Where the base
    /// was taken for another than the image is for, its shell and its libraries do not run on the
    /// nodes that the image is pulled by: `exec format error`. A constant `--platform` in `FROM`
    /// is the usual reason. Only a base that an annotation or a label names is judged: builder
    /// stages are for the builder's platform, and rightly so.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "arm64": image `app` is for `linux/arm64`, but its base `debian:13` was taken for `linux/amd64`
    /// platform: linux/arm64
    /// annotations: {org.opencontainers.image.base.name: "docker.io/library/debian:13"}
    /// evidence:
    ///   attestations:
    ///     - predicate-type: https://slsa.dev/provenance/v0.2
    ///       place: index
    ///       verdict: unsigned
    ///       predicate: {materials: [{uri: "pkg:docker/debian@13?platform=linux%2Famd64"}]}
    /// ```
    /// ```image good file=app
    /// platform: linux/arm64
    /// annotations: {org.opencontainers.image.base.name: "docker.io/library/debian:13"}
    /// evidence:
    ///   attestations:
    ///     - predicate-type: https://slsa.dev/provenance/v0.2
    ///       place: index
    ///       verdict: unsigned
    ///       predicate:
    ///         materials:
    ///           - uri: "pkg:docker/golang@1.26?platform=linux%2Famd64"
    ///           - uri: "pkg:docker/debian@13?platform=linux%2Farm64"
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-evidence-platform-mismatch",
        summary: "base image is for another platform than the image",
        remedy: "Leave a constant `--platform` out of the last `FROM`.",
        severity: High,
        check: Check::Image(check),
        confidence: Confidence::High,
        peers: &["buildx:InvalidBaseImagePlatform"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/reference/build-checks/invalid-base-image-platform/",
        ],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let claims = claims(built);
    let noted = claims.iter().find(|it| matches!(it.proof, Proof::Annotation | Proof::Label));
    let name = noted.and_then(|claim| claim.images.first()).and_then(BaseImage::last_name);
    let (Some(name), Some(own)) = (name, own_platform(built)) else { return };
    let images = claims.iter().filter(|claim| claim.proof <= Proof::Provenance);
    let images = images.flat_map(|claim| &claim.images);
    let mut other = None;
    for image in images.filter(|image| image.last_name().as_ref() == Some(&name)) {
        let Some(platform) = image.platform.as_deref().and_then(platform) else { return };
        if is_same(&own, &platform) {
            return;
        }
        other.get_or_insert((image, platform));
    }
    let Some((image, platform)) = other else { return };
    let base = image.reference.as_ref().map_or("", |reference| reference.as_written());
    let message = format!(
        "image `{}` is for `{own}`, but its base `{}` was taken for `{platform}`",
        built.name(),
        cut(base)
    );
    built.report_config(out, built.image.config.at(&["architecture"]), message);
}

fn platform(text: &str) -> Option<Platform> {
    let mut parts = text.split('/').map(str::to_owned);
    let (os, architecture) = (parts.next()?, parts.next()?);
    Some(Platform { os, architecture, variant: parts.next() })
}
