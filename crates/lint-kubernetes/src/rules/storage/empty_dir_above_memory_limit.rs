use careen_kube_model::{PodTemplate, Quantity, Role, field, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::relations::text;

rule! {
    /// What is written to an `emptyDir` of `medium: Memory` counts as memory of the container that
    /// writes it. A size limit that is no smaller than all memory limits of the pod together is
    /// never reached: the container is killed for its memory first.
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
    ///         resources:
    ///           limits: {memory: 256Mi}
    ///       volumes:
    ///       - name: cache
    ///         emptyDir: {medium: Memory, sizeLimit: 1Gi}
    /// #                                             ^^^ volume `cache` of Deployment `shop/api` may hold `1Gi` in memory, and its containers may use no more than that
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
    ///         resources:
    ///           limits: {memory: 256Mi}
    ///       volumes:
    ///       - name: cache
    ///         emptyDir: {medium: Memory, sizeLimit: 128Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "empty-dir-above-memory-limit",
        summary: "volume in memory may grow beyond the memory of the pod",
        remedy: "Lower `sizeLimit`, or raise the memory limits by it.",
        severity: Low,
        check: Check::Pod(check),
        controls: &[control::RESOURCE_LIMITS],
        references: &["https://kubernetes.io/docs/concepts/storage/volumes/#emptydir"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut known: Option<Option<i128>> = None;
    for volume in pod.volumes() {
        let Some(source) = volume.source_of("emptyDir") else { continue };
        if text(source, "medium") != Some("Memory") {
            continue;
        }
        let Some(node) = field(source, "sizeLimit") else { continue };
        let (Ok(size), Some(memory)) =
            (Quantity::of(node), *known.get_or_insert_with(|| limit(pod)))
        else {
            continue;
        };
        if size.nanos() < memory {
            continue;
        }
        let message = format!(
            "volume `{}` of {} may hold `{}` in memory, and its containers may use no more than \
             that",
            cut(volume.name),
            pod.object.display(),
            cut(node.text().unwrap_or_default())
        );
        out.report(node.span(), message).field("spec.volumes").evidence(volume.name);
    }
}

/// What all containers together may use at most, in billionths of a byte. None without a limit.
fn limit(pod: PodTemplate<'_>) -> Option<i128> {
    if let Some(node) = path(pod.spec, &["resources", "limits", "memory"]) {
        return Quantity::of(node).ok().map(Quantity::nanos);
    }
    let mut running = pod
        .containers()
        .filter(|container| matches!(container.role, Role::Main | Role::Sidecar))
        .peekable();
    running.peek()?;
    running.try_fold(0_i128, |sum, container| {
        let amount = Quantity::of(container.limit("memory")?).ok()?;
        sum.checked_add(amount.nanos())
    })
}
