use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::relations::text;

/// Provisioners of disks that live in one zone.
const ZONAL: [&str; 8] = [
    "ebs.csi.aws.com",
    "ebs.csi.eks.amazonaws.com",
    "kubernetes.io/aws-ebs",
    "pd.csi.storage.gke.io",
    "kubernetes.io/gce-pd",
    "disk.csi.azure.com",
    "kubernetes.io/azure-disk",
    "diskplugin.csi.alibabacloud.com",
];

rule! {
    /// A cloud's disk lives in one zone. Made at once, as is the default, it lands in any of them,
    /// and the pod has to follow it there, whether that zone has room and suits the pod's
    /// constraints or not: with several disks the pod may fit nowhere.
    ///
    /// It is fine in a cluster of one zone, and only provisioners of zonal disks are looked at.
    ///
    /// ```yaml bad
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata:
    ///   name: fast
    /// provisioner: pd.csi.storage.gke.io
    /// #            ^^^^^^^^^^^^^^^^^^^^^ StorageClass `fast` makes its volumes in a zone of their own choice
    /// allowVolumeExpansion: true
    /// ```
    /// ```yaml good
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata:
    ///   name: fast
    /// provisioner: pd.csi.storage.gke.io
    /// allowVolumeExpansion: true
    /// volumeBindingMode: WaitForFirstConsumer
    /// ```
    pub(crate) static RULE: Check = {
        id: "storage-class-binding-immediate",
        summary: "storage class makes volumes before it is known where their pods run",
        remedy: "Set `volumeBindingMode: WaitForFirstConsumer`.",
        severity: Low,
        check: Check::Kind(&["StorageClass"], check),
        confidence: Confidence::High,
        controls: &[control::STORAGE_AVAILABLE, control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.group() != "storage.k8s.io" {
        return;
    }
    let Some(node) = field(object.root(), "provisioner") else { return };
    let mode = text(object.root(), "volumeBindingMode");
    // Some classes name their zones.
    let is_bound = field(object.root(), "allowedTopologies").is_some();
    let is_zonal = node.text().is_some_and(|name| ZONAL.contains(&name));
    if is_zonal && !is_bound && mode.is_none_or(|mode| mode == "Immediate") {
        let message =
            format!("{} makes its volumes in a zone of their own choice", object.display());
        out.report(node.span(), message).field("volumeBindingMode");
    }
}
