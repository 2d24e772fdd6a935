use careen_kube_model::{PodTemplate, Role, field, path};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::place::cut;

rule! {
    /// What is written to an `emptyDir` of `medium: Memory` counts as memory of the container that
    /// writes it. Without a size limit such a volume may grow until the container is killed for it,
    /// and where a container has no memory limit either, until the node runs out of memory.
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
    ///       - name: cache
    ///         emptyDir: {medium: Memory}
    /// #                          ^^^^^^ volume `cache` of Deployment `shop/api` is in memory and has no size limit
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
    ///       - name: cache
    ///         emptyDir: {medium: Memory, sizeLimit: 128Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "empty-dir-memory-unlimited",
        summary: "volume in memory has no size limit",
        remedy: "Set `sizeLimit`, and count it into the memory limits of the containers.",
        severity: Medium,
        check: Check::Pod(check),
        controls: &[control::RESOURCE_LIMITS],
        references: &["https://kubernetes.io/docs/concepts/storage/volumes/#emptydir"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut is_bounded: Option<bool> = None;
    for volume in pod.volumes() {
        let Some(source) = volume.source_of("emptyDir") else { continue };
        let Some(medium) = field(source, "medium").filter(|node| node.text() == Some("Memory"))
        else {
            continue;
        };
        if field(source, "sizeLimit").is_some() {
            continue;
        }
        let message = format!(
            "volume `{}` of {} is in memory and has no size limit",
            cut(volume.name),
            pod.object.display()
        );
        // Where all containers have a memory limit, the volume cannot grow beyond their sum.
        let is_bounded = *is_bounded.get_or_insert_with(|| {
            path(pod.spec, &["resources", "limits", "memory"]).is_some()
                || pod.containers().all(|container| {
                    container.limit("memory").is_some() || container.role == Role::Ephemeral
                })
        });
        let finding = out.report(medium.span(), message);
        finding.field("spec.volumes").evidence(volume.name);
        if is_bounded {
            finding.severity(Severity::Low);
        }
    }
}
