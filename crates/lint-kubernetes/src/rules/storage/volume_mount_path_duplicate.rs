use std::collections::HashSet;

use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;

rule! {
    /// The API server refuses a container with two mounts at the same path: the second would hide
    /// the first. There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         volumeMounts:
    ///         - name: settings
    ///           mountPath: /etc/shop
    ///         - name: keys
    ///           mountPath: /etc/shop
    /// #                    ^^^^^^^^^ container `web` in Deployment `shop/api` mounts two volumes at `/etc/shop`
    ///       volumes:
    ///       - name: settings
    ///         configMap: {name: settings}
    ///       - name: keys
    ///         secret: {secretName: keys}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         volumeMounts:
    ///         - name: settings
    ///           mountPath: /etc/shop
    ///         - name: keys
    ///           mountPath: /etc/shop-keys
    ///       volumes:
    ///       - name: settings
    ///         configMap: {name: settings}
    ///       - name: keys
    ///         secret: {secretName: keys}
    /// ```
    pub(crate) static RULE: Check = {
        id: "volume-mount-path-duplicate",
        summary: "container mounts two volumes at one path",
        remedy: "Give each mount a path of its own.",
        severity: High,
        check: Check::Container(check),
        controls: &[control::STORAGE_AVAILABLE, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/storage/volumes/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if container.volume_mounts().nth(1).is_none() {
        return;
    }
    let mut known = HashSet::new();
    for mount in container.volume_mounts() {
        let Some(node) = field(mount, "mountPath") else { continue };
        let Some(place) = node.text().filter(|place| !is_placeholder(place)) else { continue };
        if !known.insert(place) {
            let message = format!("{} mounts two volumes at `{}`", container.display(), cut(place));
            out.report(node.span(), message).field("volumeMounts").evidence(place);
        }
    }
}
