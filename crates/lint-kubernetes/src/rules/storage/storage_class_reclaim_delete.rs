use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// With the reclaim policy `Delete`, which storage classes have by default, deleting a claim or
    /// its namespace deletes the data. With `Retain` the volume stays until somebody looks at it,
    /// and costs money until then, so the rule is off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata:
    ///   name: fast
    /// #       ^^^^ StorageClass `fast` deletes volumes along with their claims
    /// provisioner: pd.csi.storage.gke.io
    /// ```
    /// ```yaml good
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata:
    ///   name: fast
    /// provisioner: pd.csi.storage.gke.io
    /// reclaimPolicy: Retain
    /// ```
    pub(crate) static RULE: Check = {
        id: "storage-class-reclaim-delete",
        summary: "volume is deleted along with its claim",
        remedy: "Use `Retain` for data that matters.",
        severity: Info,
        check: Check::Kind(&["StorageClass", "PersistentVolume"], check),
        controls: &[control::DATA_INTEGRITY, control::BACKUP_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaim-policy"],
        default: false,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let (node, what) = match (object.group(), object.kind()) {
        ("storage.k8s.io", "StorageClass") if field(object.root(), "provisioner").is_some() => {
            let node = field(object.root(), "reclaimPolicy");
            (node, "deletes volumes along with their claims")
        }
        ("", "PersistentVolume") => match object.at(&["spec", "persistentVolumeReclaimPolicy"]) {
            // A volume that is written by hand is kept by default.
            None => return,
            node => (node, "is deleted along with its claim"),
        },
        _ => return,
    };
    if node.is_none_or(|node| node.text() == Some("Delete")) {
        let span = node.map_or_else(|| object.name_span(), |node| node.span());
        out.report(span, format!("{} {what}", object.display()));
    }
}
