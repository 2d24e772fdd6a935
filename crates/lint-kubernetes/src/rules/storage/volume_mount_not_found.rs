use std::collections::HashSet;

use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::claims;
use crate::place::{cut, path_of};
use crate::placeholder::is_placeholder;
use crate::usage::is_whole;

/// Mounts of one container that are looked at; there are a few dozen at most.
const MOUNTS: usize = 200;

rule! {
    /// The API server refuses a pod with a mount whose volume is not in `volumes`. A Deployment
    /// with such a template is refused as well, and the rollout stops there. The volumes that a
    /// StatefulSet makes for its pods count. There is no case in which this is right.
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
    ///         - name: config
    /// #               ^^^^^^ container `web` in Deployment `shop/api` mounts volume `config`, which the pod does not have
    ///           mountPath: /etc/shop
    ///       volumes:
    ///       - name: settings
    ///         configMap: {name: settings}
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
    ///       volumes:
    ///       - name: settings
    ///         configMap: {name: settings}
    /// ```
    pub(crate) static RULE: Check = {
        id: "volume-mount-not-found",
        summary: "container mounts a volume that the pod does not have",
        remedy: "Add the volume, or correct the name.",
        severity: High,
        check: Check::Pod(check),
        controls: &[control::STORAGE_AVAILABLE, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/storage/volumes/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut known: Option<HashSet<&str>> = None;
    for container in pod.containers() {
        let devices = container.field("volumeDevices");
        let devices = devices.into_iter().flat_map(|list| list.items());
        for mount in container.volume_mounts().chain(devices).take(MOUNTS) {
            let Some(node) = field(mount, "name") else { continue };
            let Some(name) = node.text() else { continue };
            let known = known.get_or_insert_with(|| volumes(pod));
            if known.contains(name) || is_placeholder(name) || !is_whole(container) {
                continue;
            }
            let message = format!(
                "{} mounts volume `{}`, which the pod does not have",
                container.display(),
                cut(name)
            );
            out.set_object(Some(path_of(pod.object, Some(container))));
            out.report(node.span(), message).field("volumeMounts").evidence(name);
        }
    }
}

/// The volumes of the pod, and those that its StatefulSet adds.
fn volumes(pod: PodTemplate<'_>) -> HashSet<&str> {
    let templates = claims::of(pod.object).filter(|claim| claim.template.is_some());
    let templates = templates.map(claims::Claim::name);
    pod.volumes().map(|volume| volume.name).chain(templates).collect()
}
