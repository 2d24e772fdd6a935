use careen_image_model::oci::{Digest, Remote};
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::{Examined, Role};

rule! {
    /// The reference has a tag for people and a digest for the machine, and the tag leads somewhere
    /// else by now. What runs is the old image, whatever the tag says: fixes under the same tag
    /// have not arrived, or the tag was overwritten. Of images that others are built on,
    /// `base-outdated` speaks.
    ///
    /// ```registry
    /// registry.example.com/web:1.4@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f: {tag-digest: "sha256:6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a"}
    /// ```
    /// ```yaml bad file=pod.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f` of container `web` in Pod `shop/api` is pinned to `sha256:5b4f5b4f5b4f`, and its tag leads to `sha256:6a6a6a6a6a6a` by now
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f: {}
    /// ```
    /// ```yaml good file=pod.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
    /// ```
    pub(crate) static RULE: Check = {
        id: "ref-tag-digest-mismatch",
        summary: "tag leads to another digest than the one it is pinned to",
        remedy: "Take the new digest after a test, or name the tag that the digest belongs to.",
        severity: Medium,
        check: Check::Evidence(check),
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://kubernetes.io/docs/concepts/containers/images/#image-names"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    if examined.role != Role::Deployed {
        return;
    }
    let Some(Remote::Image { tag_digest: Some(now), .. }) = examined.remote else { return };
    let pinned = examined.reference().and_then(|reference| Digest::parse(reference.digest()?));
    if let Some(pinned) = pinned.filter(|pinned| pinned != now) {
        let (image, pinned, now) = (examined.display(), pinned.short(), now.short());
        let message =
            format!("{image} is pinned to `{pinned}`, and its tag leads to `{now}` by now");
        examined.report(out, message);
    }
}
