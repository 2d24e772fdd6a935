use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;

rule! {
    /// Lists the workloads that keep data in volumes, for a review of backups and of who can read
    /// them. It is an inventory and no defect, so it is off unless it is asked for.
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
    ///       - name: data
    ///         persistentVolumeClaim: {claimName: uploads}
    /// #                                          ^^^^^^^ Deployment `shop/api` mounts PersistentVolumeClaim `uploads`
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
    ///         emptyDir: {sizeLimit: 64Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "workload-mounts-pvc",
        summary: "workload mounts a volume claim",
        remedy: "Make sure that the storage is backed up, and that the workload suits its access mode.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["kubescape:C-0257"],
        controls: &[control::STORAGE_AVAILABLE, control::BACKUP_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes"],
        default: false,
        fragments: true,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    for volume in pod.volumes() {
        let Some(source) = volume.source_of("persistentVolumeClaim") else { continue };
        let Some(node) = field(source, "claimName") else { continue };
        let name = cut(node.text().unwrap_or_default());
        let message = format!("{} mounts PersistentVolumeClaim `{name}`", pod.object.display());
        out.report(node.span(), message).field("spec.volumes");
    }
}
