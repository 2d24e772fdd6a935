use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::text;

/// Drivers whose volumes can grow, by the end of their names.
const DRIVERS: [&str; 13] = [
    "ebs.csi.aws.com",
    "ebs.csi.eks.amazonaws.com",
    "kubernetes.io/aws-ebs",
    "pd.csi.storage.gke.io",
    "kubernetes.io/gce-pd",
    "disk.csi.azure.com",
    "file.csi.azure.com",
    "kubernetes.io/azure-disk",
    "diskplugin.csi.alibabacloud.com",
    "rbd.csi.ceph.com",
    "cephfs.csi.ceph.com",
    "driver.longhorn.io",
    "cinder.csi.openstack.org",
];

rule! {
    /// When a disk is full, a claim of such a class cannot ask for more: the data has to be copied
    /// to a new volume while the service is down. The field can be set at any time and costs
    /// nothing, for drivers that can grow their volumes, and only those are looked at.
    ///
    /// ```yaml bad
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata:
    ///   name: fast
    /// #       ^^^^ volumes of StorageClass `fast` cannot grow
    /// provisioner: pd.csi.storage.gke.io
    /// volumeBindingMode: WaitForFirstConsumer
    /// ```
    /// ```yaml good
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata:
    ///   name: fast
    /// provisioner: pd.csi.storage.gke.io
    /// volumeBindingMode: WaitForFirstConsumer
    /// allowVolumeExpansion: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "storage-class-expansion-missing",
        summary: "volumes of a storage class cannot grow",
        remedy: "Set `allowVolumeExpansion: true`.",
        severity: Low,
        check: Check::Kind(&["StorageClass"], check),
        controls: &[control::STORAGE_AVAILABLE],
        references: &["https://kubernetes.io/docs/concepts/storage/storage-classes/#allow-volume-expansion"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.group() != "storage.k8s.io" {
        return;
    }
    let Some(provisioner) = text(object.root(), "provisioner") else { return };
    let node = field(object.root(), "allowVolumeExpansion");
    let may_grow = node.is_some_and(|node| node.as_bool() != Some(false));
    if !may_grow && DRIVERS.iter().any(|driver| provisioner.ends_with(driver)) {
        let span = node.map_or_else(|| object.name_span(), |node| node.span());
        let message = format!("volumes of {} cannot grow", object.display());
        out.report(span, message).field("allowVolumeExpansion");
    }
}
