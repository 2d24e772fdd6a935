use careen_image_model::oci::{Remote, RemoteError};
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Examined;

rule! {
    /// Docker's schema 1 was retired years ago: containerd 2 and current registries refuse to pull
    /// it, and its digests say nothing about the layers.
    ///
    /// ```registry
    /// registry.example.com/web:1.4: {error: schema1}
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
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` has a manifest of Docker's retired schema 1
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
    pub(crate) static RULE: Check = {
        id: "ref-legacy-manifest",
        summary: "image has a manifest of Docker's retired schema 1",
        remedy: "Build and push the image again with a current tool.",
        severity: Medium,
        check: Check::Evidence(check),
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://docs.docker.com/engine/deprecated/#pushing-and-pulling-with-image-manifest-v2-schema-1"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    if matches!(examined.remote, Some(Remote::Error(RemoteError::Schema1))) {
        let image = examined.display();
        examined.report(out, format!("{image} has a manifest of Docker's retired schema 1"));
    }
}
