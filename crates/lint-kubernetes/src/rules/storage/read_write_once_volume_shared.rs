use careen_kube_model::{PodTemplate, Workload, field};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::relations::{Names, Scalers, Workloads};
use crate::{Check, claims, rollout};

const CLAIM: &str = "PersistentVolumeClaim";
/// Volumes of one pod that are looked at; there are a few dozen at most.
const VOLUMES: usize = 200;
/// Claims of one name that are looked at; overlays make a handful.
const NAMESAKES: usize = 50;

rule! {
    /// A `ReadWriteOnce` volume is mounted by one node at a time. Pods on other nodes wait for it
    /// for ever, so that a Deployment with several replicas has all of them on one node or some of
    /// them stuck. The same happens to the update of a single pod: the new one waits for the
    /// volume, and the old one stays until the new one is ready.
    ///
    /// It is fine in a cluster of one node. The claim's access modes are taken from the repository.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 3
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
    ///       - name: uploads
    ///         persistentVolumeClaim: {claimName: uploads}
    /// #                                          ^^^^^^^ the 3 pods of Deployment `shop/api` share PersistentVolumeClaim `uploads`, which one node can mount
    /// ---
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: uploads
    ///   namespace: shop
    /// spec:
    ///   accessModes: [ReadWriteOnce]
    ///   resources: {requests: {storage: 10Gi}}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 1
    ///   strategy: {type: Recreate}
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
    ///       - name: uploads
    ///         persistentVolumeClaim: {claimName: uploads}
    /// ---
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: uploads
    ///   namespace: shop
    /// spec:
    ///   accessModes: [ReadWriteOnce]
    ///   resources: {requests: {storage: 10Gi}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "read-write-once-volume-shared",
        summary: "several pods share a volume that one node can mount",
        remedy: "Use `ReadWriteMany` storage or a StatefulSet; with a single pod, use `strategy: {type: Recreate}`.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::STORAGE_AVAILABLE, control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let names = Names::of(snapshot, &[("", CLAIM)]);
    if names.is_empty() {
        return;
    }
    let workloads = Workloads::of(snapshot);
    let scalers = Scalers::of(snapshot);
    for &workload in workloads.iter() {
        let pod = workload.pod;
        if !matches!(pod.workload, Workload::Deployment | Workload::StatefulSet) {
            continue;
        }
        let view = workload.object.view;
        for volume in pod.volumes().take(VOLUMES) {
            let Some(source) = volume.source_of("persistentVolumeClaim") else { continue };
            let Some(node) = field(source, "claimName") else { continue };
            let Some(name) = node.text() else { continue };
            let Some(limited) = by_one_node(&names, view.namespace(), name) else { continue };
            let least = scalers.for_workload(workload).map_or(0, |scaler| scaler.min());
            let count = workloads.replicas(workload).unwrap_or(1).max(least);
            let message = match count {
                0 => continue,
                1 if !starts_before_end(pod) => continue,
                1 => format!(
                    "an update of {} starts a pod that waits for {CLAIM} `{name}`, which one node \
                     can mount",
                    view.display()
                ),
                _ => format!(
                    "the {count} pods of {} share {CLAIM} `{name}`, which one node can mount",
                    view.display()
                ),
            };
            out.report(workload.object.source(), node.span(), message)
                .object(workload.object.path())
                .evidence(name)
                .related(limited.source(), limited.view.name_span(), "its access mode");
        }
    }
}

/// The claim of that name, if all of that name can be mounted by one node only.
fn by_one_node<'a>(
    names: &Names<'a>,
    namespace: Option<&str>,
    name: &str,
) -> Option<ObjectRef<'a>> {
    let mut found = names.all(CLAIM, namespace, name).take(NAMESAKES);
    let is_limited = |object: &ObjectRef<'_>| {
        claims::of(object.view).all(|claim| {
            let once = |mode| matches!(mode, "ReadWriteOnce" | "ReadWriteOncePod");
            claim.modes().next().is_some() && claim.modes().all(once)
        })
    };
    let first = found.next().filter(is_limited)?;
    found.all(|object| is_limited(&object)).then_some(first)
}

/// Whether an update of a single pod starts the new one before it ends the old one.
fn starts_before_end(pod: PodTemplate<'_>) -> bool {
    if pod.workload != Workload::Deployment {
        return false;
    }
    let strategy = rollout::strategy_of(pod);
    let kind = strategy.and_then(rollout::type_of).map(|(kind, _)| kind);
    let surge = rollout::Rolling::of(strategy).surge;
    kind != Some("Recreate") && !surge.is_some_and(rollout::Amount::is_zero)
}
