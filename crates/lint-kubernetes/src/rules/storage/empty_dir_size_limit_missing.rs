use careen_kube_model::{PodTemplate, Role, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::relations::is_complete;

rule! {
    /// An `emptyDir` takes the node's disk. Without a limit one pod fills it, and the node evicts
    /// its neighbours along with it. Limits for ephemeral storage of all containers bound it as
    /// well. Many volumes hold a socket or a few files, so the rule is off unless it is asked for.
    /// Volumes in memory have a rule of their own.
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
    ///       - name: scratch
    /// #             ^^^^^^^ volume `scratch` of Deployment `shop/api` has no size limit
    ///         emptyDir: {}
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
    ///       - name: scratch
    ///         emptyDir: {sizeLimit: 1Gi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "empty-dir-size-limit-missing",
        summary: "scratch volume has no size limit",
        remedy: "Set `sizeLimit`.",
        severity: Low,
        check: Check::Pod(check),
        controls: &[control::RESOURCE_LIMITS, control::STORAGE_AVAILABLE],
        references: &["https://kubernetes.io/docs/concepts/storage/volumes/#emptydir"],
        default: false,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut is_open: Option<bool> = None;
    for volume in pod.volumes() {
        let Some(source) = volume.source_of("emptyDir") else { continue };
        if field(source, "sizeLimit").is_some() || field(source, "medium").is_some() {
            continue;
        }
        let is_open = *is_open.get_or_insert_with(|| {
            let is_bounded = pod.containers().all(|container| {
                container.limit("ephemeral-storage").is_some() || container.role == Role::Ephemeral
            });
            !is_bounded && is_complete(pod)
        });
        if !is_open {
            return;
        }
        let name = field(volume.node, "name");
        let span = name.map_or_else(|| volume.node.span(), |node| node.span());
        let message =
            format!("volume `{}` of {} has no size limit", cut(volume.name), pod.object.display());
        out.report(span, message).field("spec.volumes").evidence(volume.name);
    }
}
