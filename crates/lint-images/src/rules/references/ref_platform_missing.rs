use careen_image_model::oci::Remote;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::{Examined, cut};

rule! {
    /// The index has no image for a platform that the policy asks for: pods that are scheduled on
    /// such a node do not start (`no match for platform in manifest`).
    ///
    /// ```registry
    /// registry.example.com/web:1.4: {missing-platforms: [linux/arm64]}
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
    ///     image: registry.example.com/web:1.4
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` has no image for `linux/arm64`
    /// ```
    /// ```registry
    /// alpine:3.22: {missing-platforms: [linux/arm64, linux/s390x]}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// #    ^^^^^^^^^^^ base image `alpine:3.22` has no image for `linux/arm64` and `linux/s390x`
    /// USER 101
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4: {}
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
    ///     image: registry.example.com/web:1.4
    /// ```
    /// ```registry
    /// alpine:3.22: {missing-platforms: [linux/arm64]}
    /// ```
    /// ```dockerfile good
    /// FROM --platform=$BUILDPLATFORM alpine:3.22
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "ref-platform-missing",
        summary: "image lacks a platform that the policy asks for",
        remedy: "Build for all platforms (`docker buildx build --platform`), or choose another image.",
        severity: Medium,
        check: Check::Evidence(check),
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://docs.docker.com/build/building/multi-platform/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    // A stage that asks for a platform of its own is for that one.
    if examined.named.is_some_and(|(named, _)| named.has_platform) {
        return;
    }
    let Some(Remote::Image { missing_platforms, .. }) = examined.remote else { return };
    if missing_platforms.is_empty() {
        return;
    }
    let list: Vec<_> = missing_platforms.iter().map(|it| format!("`{}`", cut(it))).collect();
    let image = examined.display();
    examined.report(out, format!("{image} has no image for {}", list.join(" and ")));
}
