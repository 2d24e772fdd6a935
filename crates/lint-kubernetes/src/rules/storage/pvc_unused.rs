use std::collections::HashSet;

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::relations::{Workloads, text};
use crate::{Check, claims};

/// Values of one object that are looked at for names of claims.
const VALUES: usize = 20_000;
/// No name of an object is longer.
const LONGEST: usize = 253;

rule! {
    /// A claim that nothing mounts costs as much as one in use, and mostly is what a renamed or
    /// deleted workload left behind. Or the workload was to use it and mounts another one.
    ///
    /// It is fine where the workload comes from a chart or from another repository; a repository
    /// without workloads is not judged, and any other object that says the claim's name counts as a
    /// user.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: uploads
    /// #       ^^^^^^^ PersistentVolumeClaim `shop/uploads` is used by no workload of the repository
    ///   namespace: shop
    /// spec:
    ///   accessModes: [ReadWriteOnce]
    ///   resources: {requests: {storage: 10Gi}}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///   volumes:
    ///   - name: uploads
    ///     persistentVolumeClaim: {claimName: uploads}
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
        id: "pvc-unused",
        summary: "volume claim is used by no workload of the repository",
        remedy: "Delete the claim, or mount it.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["popeye:400"],
        controls: &[control::STORAGE_AVAILABLE],
        references: &["https://kubernetes.io/docs/concepts/storage/persistent-volumes/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let claims: Vec<ObjectRef<'_>> = snapshot
        .of_kind("PersistentVolumeClaim")
        .filter(|claim| claim.view.group().is_empty() && !claim.view.name().is_empty())
        .collect();
    if claims.is_empty() {
        return;
    }
    let mut unused: HashSet<&str> = claims.iter().map(|claim| claim.view.name()).collect();
    let mut from_templates: HashSet<&str> = HashSet::new();
    for object in snapshot.objects() {
        if unused.is_empty() {
            return;
        }
        let view = object.view;
        if let Some(pod) = view.pod_template() {
            for volume in pod.volumes() {
                let Some(source) = volume.source_of("persistentVolumeClaim") else { continue };
                unused.remove(text(source, "claimName").unwrap_or_default());
            }
            for claim in claims::of(view).filter(|claim| claim.template.is_some()) {
                from_templates.insert(claim.name());
            }
        } else if view.kind() != "PersistentVolumeClaim" || !view.group().is_empty() {
            // Custom resources, values of charts and patches say it in words of their own.
            for visit in view.root().walk().take(VALUES) {
                if let Some(name) = visit.node.text() {
                    unused.remove(name);
                }
            }
        } else if let Some(name) = view.at(&["spec", "dataSource", "name"]) {
            unused.remove(name.text().unwrap_or_default());
        }
    }
    let workloads = Workloads::of(snapshot);
    for claim in claims {
        let view = claim.view;
        // Such a claim is called after its template, its set and its number.
        let is_of_set = || {
            let name = view.name().get(..LONGEST).unwrap_or_else(|| view.name());
            name.match_indices('-')
                .any(|(at, _)| name.get(..at).is_some_and(|start| from_templates.contains(start)))
        };
        if !unused.contains(view.name()) || !workloads.any_in(view.namespace()) || is_of_set() {
            continue;
        }
        let message = format!("{} is used by no workload of the repository", view.display());
        out.report(claim.source(), view.name_span(), message).object(claim.path());
    }
}
