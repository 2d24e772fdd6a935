use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::subject::{Examined, cut};
use crate::{Check, platforms};

rule! {
    /// The registry has no image for a platform that you run on: pods that are scheduled on such a
    /// node do not start (`no match for platform in manifest`).
    ///
    /// Says nothing until `careen.yaml` tells it which platforms images must be there for. A stage
    /// with a `--platform` of its own is for that one.
    ///
    /// ```config
    /// rules: {ref-platform-missing: {platforms: [linux/amd64, linux/arm64]}}
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4: {image: {index: [linux/amd64, linux/arm/v7]}}
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
    /// ```config
    /// rules: {ref-platform-missing: {platforms: [linux/arm64, linux/s390x]}}
    /// ```
    /// ```registry
    /// alpine:3.22: {image: {platform: linux/amd64}}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// #    ^^^^^^^^^^^ base image `alpine:3.22` has no image for `linux/arm64` and `linux/s390x`
    /// USER 101
    /// ```
    /// ```config
    /// rules: {ref-platform-missing: {platforms: [linux/amd64, linux/arm64]}}
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4: {image: {index: [linux/amd64, linux/arm64/v8]}}
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
    /// registry.example.com/web:1.4: {image: {platform: linux/amd64}}
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
    /// ```config
    /// rules: {ref-platform-missing: {platforms: [linux/amd64, linux/arm64]}}
    /// ```
    /// ```registry
    /// alpine:3.22: {image: {platform: linux/amd64}}
    /// ```
    /// ```dockerfile good
    /// FROM --platform=$BUILDPLATFORM alpine:3.22
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "ref-platform-missing",
        summary: "image lacks a platform that the configuration asks for",
        remedy: "Build for all platforms (`docker buildx build --platform`), or choose another image.",
        severity: Medium,
        check: Check::Evidence(check),
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://docs.docker.com/build/building/multi-platform/"],
        options: &[RuleOption {
            name: "platforms",
            kind: OptionKind::Words,
            summary: "The platforms that images must be there for, such as `linux/arm64`.",
        }],
    }
}

fn check(examined: &Examined<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let wanted = context.options.words(RULE.meta.id, "platforms");
    if wanted.is_empty() || examined.named.is_some_and(|(named, _)| named.has_platform) {
        return;
    }
    let Some(image) = examined.image else { return };
    let has = platforms::of(image);
    // One that does not say what it is for may be for anything.
    if has.is_empty() {
        return;
    }
    let is_there = |wanted: &str| has.iter().any(|one| platforms::agree(one, wanted));
    let missing = wanted.iter().filter(|wanted| !is_there(wanted));
    let list: Vec<_> = missing.map(|one| format!("`{}`", cut(one))).collect();
    if list.is_empty() {
        return;
    }
    let image = examined.display();
    examined.report(out, format!("{image} has no image for {}", list.join(" and ")));
}
