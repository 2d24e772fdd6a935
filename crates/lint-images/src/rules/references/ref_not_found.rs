use careen_image_model::oci::{Remote, RemoteError};
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Examined;

rule! {
    /// The registry says that there is no such image: the pod waits with `ImagePullBackOff`, the
    /// build fails. The tag was mistyped, was never pushed, or was cleaned up. Looked at only where
    /// registries may be asked. A registry that hides images from strangers says the same: log in
    /// first.
    ///
    /// ```registry
    /// registry.example.com/web:1.4: {error: not-found}
    /// alpine:3.99: {error: not-found}
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
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` is not in its registry
    /// ```
    /// ```registry
    /// alpine:3.99: {error: not-found}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.99
    /// #    ^^^^^^^^^^^ base image `alpine:3.99` is not in its registry
    /// USER 101
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4: {}
    /// registry.example.com/far:1: {error: {unknown: the registry timed out}}
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
    /// ```yaml good file=other.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: far
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/far:1
    /// ```
    pub(crate) static RULE: Check = {
        id: "ref-not-found",
        summary: "image is not in its registry",
        remedy: "Correct the reference, or push the image first.",
        severity: High,
        check: Check::Evidence(check),
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://github.com/opencontainers/distribution-spec/blob/main/spec.md"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some((named, _)) = examined.named.filter(|(named, _)| !named.may_be_context) else {
        return;
    };
    if matches!(examined.remote, Some(Remote::Error(RemoteError::NotFound))) {
        examined.report(out, format!("{} is not in its registry", named.shown));
    }
}
