use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::subject::{Holder, ImageSite};
use crate::{Check, known_images, support};

rule! {
    /// Some repositories are given up by their owners: the images can still be pulled, but nobody
    /// rebuilds them when the distribution below gets a fix, and the new releases are elsewhere.
    ///
    /// Where the reference shows that what is inside is past the end of its life, `base-eol` says
    /// so instead.
    ///
    /// ```dockerfile bad
    /// FROM openjdk:17-slim AS build
    /// #    ^^^^^^^^^^^^^^^ base image `openjdk:17-slim` is deprecated: use `eclipse-temurin` or the build of another vendor
    /// FROM eclipse-temurin:21-jre
    /// USER 101
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: vault
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - name: vault
    ///     image: vault:1.13.3
    /// #          ^^^^^^^^^^^^ image `vault:1.13.3` of container `vault` in Pod `ops/vault` is deprecated: use `hashicorp/vault`
    /// ```
    /// ```dockerfile good
    /// FROM eclipse-temurin:21-jre
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-deprecated-image",
        summary: "image is from a repository that its owner gave up",
        remedy: "Move to the repository that took its place.",
        severity: Medium,
        check: Check::ImageUse(check),
        confidence: Confidence::High,
        security: true,
        cwe: &[1104],
        peers: &["cis:4.2"],
        controls: &[control::IMAGE_BASE],
        references: &["https://hub.docker.com/_/openjdk", "https://hub.docker.com/_/centos"],
    }
}

fn check(image: &ImageSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let Ok(reference) = &image.reference else { return };
    if matches!(image.holder, Holder::Syntax) || image.may_be_context() {
        return;
    }
    let Some(known) = known_images::deprecated(reference) else { return };
    if !support::is_over(image, context) {
        let message = format!("{} is deprecated: use {}", image.display(), known.instead);
        image.report(out, image.span(), message);
    }
}
