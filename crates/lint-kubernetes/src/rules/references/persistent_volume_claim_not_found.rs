use careen_kube_model::{ReferenceKind, Workload, references};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Names, Workloads};

rule! {
    /// A pod whose claim does not exist stays pending for ever. Claims of a StatefulSet's
    /// `volumeClaimTemplates` need no object of their own. It is fine where the claim is made
    /// elsewhere, such as restored from a backup.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: db
    /// spec:
    ///   containers:
    ///   - name: db
    ///     image: registry.example.com/db:16.4
    ///     volumeMounts:
    ///     - {name: data, mountPath: /data}
    ///   volumes:
    ///   - name: data
    ///     persistentVolumeClaim:
    ///       claimName: db-data
    /// #                ^^^^^^^ Pod `db` needs PersistentVolumeClaim `db-data`, which is not in the repository
    /// ---
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: data-db
    /// spec:
    ///   accessModes: [ReadWriteOnce]
    ///   resources:
    ///     requests: {storage: 10Gi}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: db
    /// spec:
    ///   containers:
    ///   - name: db
    ///     image: registry.example.com/db:16.4
    ///     volumeMounts:
    ///     - {name: data, mountPath: /data}
    ///   volumes:
    ///   - name: data
    ///     persistentVolumeClaim:
    ///       claimName: db-data
    /// ---
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: db-data
    /// spec:
    ///   accessModes: [ReadWriteOnce]
    ///   resources:
    ///     requests: {storage: 10Gi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "persistent-volume-claim-not-found",
        summary: "pod needs a volume claim that does not exist",
        remedy: "Add the PersistentVolumeClaim, or correct the name.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::STORAGE_AVAILABLE],
        references: &["https://kubernetes.io/docs/concepts/storage/persistent-volumes/"],
    }
}

const CLAIM: &str = "PersistentVolumeClaim";

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let claims = Names::of(snapshot, &[("", CLAIM)]);
    for workload in Workloads::of(snapshot).iter() {
        let view = workload.object.view;
        // The claims of a StatefulSet have names of their own making.
        let has_templates = workload.pod.workload == Workload::StatefulSet
            && view.at(&["spec", "volumeClaimTemplates"]).is_some();
        if has_templates {
            continue;
        }
        for found in references(workload.pod) {
            let name = found.name;
            if found.kind != ReferenceKind::PersistentVolumeClaim
                || claims.has(CLAIM, view.namespace(), name)
            {
                continue;
            }
            let message = format!(
                "{} needs {CLAIM} `{name}`, which is not in the repository",
                view.display()
            );
            let finding = out.report(workload.object.source(), found.span, message);
            finding.object(workload.object.path()).evidence(name);
            // Where no claim is declared at all, they come from elsewhere.
            if claims.is_empty() {
                finding.severity(Severity::Low).confidence(Confidence::Low);
            }
        }
    }
}
