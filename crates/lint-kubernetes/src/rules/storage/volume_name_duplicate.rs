use std::collections::HashSet;

use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::relations::is_complete;

rule! {
    /// The API server refuses a pod with two volumes of one name, since mounts go by the name.
    /// There is no case in which this is right.
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
    ///       volumes:
    ///       - name: config
    ///         configMap: {name: settings}
    ///       - name: config
    /// #             ^^^^^^ Deployment `shop/api` has two volumes `config`
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
    ///       volumes:
    ///       - name: config
    ///         configMap: {name: settings}
    ///       - name: keys
    ///         secret: {secretName: keys}
    /// ```
    pub(crate) static RULE: Check = {
        id: "volume-name-duplicate",
        summary: "pod has two volumes of one name",
        remedy: "Give each volume a name of its own.",
        severity: High,
        check: Check::Pod(check),
        controls: &[control::STORAGE_AVAILABLE, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/storage/volumes/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    // A patch may delete a volume and add another of its name.
    if pod.volumes().nth(1).is_none() || !is_complete(pod) {
        return;
    }
    let mut known = HashSet::new();
    for volume in pod.volumes() {
        let Some(node) = field(volume.node, "name") else { continue };
        if volume.name.is_empty() || is_placeholder(volume.name) || known.insert(volume.name) {
            continue;
        }
        let name = pod.object.display();
        let message = format!("{name} has two volumes `{}`", cut(volume.name));
        out.report(node.span(), message).field("spec.volumes").evidence(volume.name);
    }
}
