use std::collections::HashSet;

use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::relations::{is_complete, text};

/// Volumes of one pod that are looked at; there are a few dozen at most.
const VOLUMES: usize = 200;

rule! {
    /// A volume that nothing mounts does nothing but can still stop the pod: it does not start
    /// until a Secret, ConfigMap or disk that nobody reads is there. Often the mount was forgotten,
    /// or a container with it was removed.
    ///
    /// It is fine for volumes that are mounted by containers which something injects later.
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
    ///       - name: settings
    /// #             ^^^^^^^^ no container of Deployment `shop/api` mounts volume `settings`
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
        id: "volume-unused",
        summary: "pod has a volume that no container mounts",
        remedy: "Mount the volume, or remove it.",
        severity: Low,
        check: Check::Pod(check),
        confidence: Confidence::High,
        controls: &[control::STORAGE_AVAILABLE],
        references: &["https://kubernetes.io/docs/concepts/storage/volumes/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut mounted: Option<HashSet<&str>> = None;
    for volume in pod.volumes().take(VOLUMES) {
        let mounted = mounted.get_or_insert_with(|| mounts(pod));
        let Some(name) = field(volume.node, "name").filter(|_| !volume.name.is_empty()) else {
            continue;
        };
        if mounted.contains(volume.name) || is_placeholder(volume.name) || !is_complete(pod) {
            continue;
        }
        let message = format!(
            "no container of {} mounts volume `{}`",
            pod.object.display(),
            cut(volume.name)
        );
        out.report(name.span(), message).field("spec.volumes").evidence(volume.name);
    }
}

fn mounts(pod: PodTemplate<'_>) -> HashSet<&str> {
    pod.containers()
        .flat_map(|container| {
            let devices = container.field("volumeDevices");
            container.volume_mounts().chain(devices.into_iter().flat_map(|list| list.items()))
        })
        .filter_map(|mount| text(mount, "name"))
        .collect()
}
