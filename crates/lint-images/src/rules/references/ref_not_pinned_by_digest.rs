use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{Holder, ImageSite};

rule! {
    /// A tag can be pushed again: by its owner with a rebuild, by an attacker with the owner's
    /// password. A digest names the bytes, so what was tested and scanned is what runs. Keep the
    /// tag beside it for people (`nginx:1.29.3@sha256:…`) and let a bot renew both. Fine where a
    /// deployment tool resolves tags to digests when it deploys, and noise where no bot renews the
    /// digests, which is why the rule has to be asked for.
    ///
    /// An image with the tag `latest` or none is left to `ref-latest`.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// #    ^^^^^^^^^^^^ base image `nginx:1.29.3` is not pinned by digest
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
    ///     image: registry.example.com/web:1.4.0
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4.0` of container `web` in Pod `shop/api` is not pinned
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
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
    ///     image: registry.example.com/web:1.4.0@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
    /// ```
    pub(crate) static RULE: Check = {
        id: "ref-not-pinned-by-digest",
        summary: "image is not pinned by digest",
        remedy: "Append `@sha256:…` to the reference and let a bot keep it current.",
        severity: Low,
        check: Check::ImageUse(check),
        default: false,
        aliases: &["base-not-pinned-by-digest", "image-not-pinned-to-digest"],
        peers: &[
            "checkov:CKV_K8S_43",
            "kubescape:C-0306",
            "kics:image_without_digest",
            "renovate:docker:pinDigests",
        ],
        controls: &[control::IMAGE_BASE, control::IMAGE_IN_REGISTRY],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
            "https://kubernetes.io/docs/concepts/containers/images/#image-names",
        ],
    }
}

fn check(image: &ImageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Ok(reference) = &image.reference else { return };
    if reference.digest().is_some()
        || reference.is_latest_or_untagged()
        || matches!(image.holder, Holder::Syntax)
    {
        return;
    }
    let message = format!("{} is not pinned by digest", image.display());
    image.report(out, image.span(), message);
}
