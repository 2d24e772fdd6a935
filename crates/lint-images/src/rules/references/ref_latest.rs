use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{Holder, ImageSite};

rule! {
    /// An image without a tag, or with the tag `latest`, is whatever was pushed last. Two builds of
    /// one commit differ, two nodes run different programs under one name, and a roll-back finds
    /// nothing to roll back to. Fine for a throw-away experiment only. A digest settles the matter
    /// whatever the tag says.
    ///
    /// A name that `COPY --from` or `RUN --mount=from` gives without tag, digest and slash is not
    /// judged here: it may be a build context, see `dockerfile-copy-from-undefined`.
    ///
    /// ```dockerfile bad
    /// FROM nginx:latest
    /// #          ^^^^^^ base image `nginx:latest` has the tag `latest`
    /// USER 101
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web` of container `web` in Pod `shop/api` has no tag
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// USER 101
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
    /// ```
    pub(crate) static RULE: Check = {
        id: "ref-latest",
        summary: "image has the tag `latest` or none",
        remedy: "Name the version in the tag, or better pin the digest.",
        severity: Medium,
        check: Check::ImageUse(check),
        aliases: &["base-latest", "base-untagged", "image-tag-latest-or-missing"],
        peers: &[
            "hadolint:DL3006",
            "hadolint:DL3007",
            "dockle:DKL-DI-0006",
            "trivy:DS-0001",
            "trivy:KSV-0013",
            "checkov:CKV_DOCKER_7",
            "checkov:CKV_K8S_14",
            "kics:9efb0b2d",
            "kics:f45ea400",
            "kube-linter:latest-tag",
            "kube-score:container-image-tag",
            "polaris:tagNotSpecified",
            "kubeaudit:ImageTagMissing",
            "kics:invalid_image",
            "popeye:100",
            "popeye:101",
        ],
        controls: &[
            control::IMAGE_BASE,
            control::IMAGE_IN_REGISTRY,
            control::PREVIOUS_VERSION_TAGGED,
        ],
        references: &[
            "https://kubernetes.io/docs/concepts/containers/images/#image-names",
            "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
        ],
    }
}

fn check(image: &ImageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Ok(reference) = &image.reference else { return };
    let pinned = reference.digest().is_some() || !reference.is_latest_or_untagged();
    if pinned || image.may_be_context() || matches!(image.holder, Holder::Syntax) {
        return;
    }
    match reference.tag_span() {
        Some(tag) => {
            let message = format!("{} has the tag `latest`", image.display());
            image.report(out, image.span_of(tag), message);
        }
        None => {
            let message = format!("{} has no tag", image.display());
            image.report(out, image.span(), message);
        }
    }
}
