use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Confidence, Severity, Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::relations::text;

/// Provisioners that encrypt on demand, by the end of their names, with the parameter. Rook puts
/// its namespace in front.
const PARAMETERS: [(&str, &str); 9] = [
    ("ebs.csi.aws.com", "encrypted"),
    ("kubernetes.io/aws-ebs", "encrypted"),
    ("ebs.csi.eks.amazonaws.com", "encrypted"),
    ("rbd.csi.ceph.com", "encrypted"),
    ("cephfs.csi.ceph.com", "encrypted"),
    ("diskplugin.csi.alibabacloud.com", "encrypted"),
    ("driver.longhorn.io", "encrypted"),
    ("pxd.portworx.com", "secure"),
    ("kubernetes.io/portworx-volume", "secure"),
];

rule! {
    /// Volumes outlive pods, and their snapshots and disks outlive them. Unencrypted ones can be
    /// read by whoever gets hold of a snapshot, a disk or an account with the cloud's rights. A
    /// volume cannot be encrypted later: its data has to move.
    ///
    /// Only provisioners that need a parameter for it are looked at; those that always encrypt, as
    /// Google's and Azure's disks do, are left out. An account may encrypt by default without the
    /// parameter, so that its absence counts for less than `false`.
    ///
    /// ```yaml bad
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata:
    ///   name: fast
    /// provisioner: ebs.csi.aws.com
    /// parameters:
    ///   type: gp3
    ///   encrypted: "false"
    /// #            ^^^^^^^ StorageClass `fast` makes volumes that are not encrypted
    /// ```
    /// ```yaml good
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata:
    ///   name: fast
    /// provisioner: ebs.csi.aws.com
    /// parameters:
    ///   type: gp3
    ///   encrypted: "true"
    /// ```
    pub(crate) static RULE: Check = {
        id: "persistent-volume-unencrypted",
        summary: "storage class does not encrypt its volumes",
        remedy: "Set the parameter that encrypts volumes, and move the data to new ones.",
        severity: Medium,
        check: Check::Kind(&["StorageClass"], check),
        peers: &["kubescape:C-0264"],
        security: true,
        cwe: &[311],
        controls: &[control::DATABASE_ENCRYPTED, control::PII_COMPLIANCE],
        references: &["https://kubernetes.io/docs/concepts/storage/storage-classes/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.group() != "storage.k8s.io" {
        return;
    }
    let Some(provisioner) = text(object.root(), "provisioner") else { return };
    let known = PARAMETERS.iter().find(|(end, _)| provisioner.ends_with(end));
    let Some((_, parameter)) = known else { return };
    let own = object.at(&["parameters"]);
    let written = own.and_then(|own| {
        own.entries()
            .find(|entry| entry.name().is_some_and(|name| name.eq_ignore_ascii_case(parameter)))
    });
    let value = written.as_ref().and_then(|entry| entry.value.text());
    match (written, value) {
        (Some(entry), Some(value)) => {
            if value.eq_ignore_ascii_case("true") || is_placeholder(value) {
                return;
            }
            let message = format!("{} makes volumes that are not encrypted", object.display());
            out.report(entry.value.span(), message).field(format!("parameters.{parameter}"));
        }
        _ => {
            let message = format!("{} does not encrypt its volumes", object.display());
            out.report(object.name_span(), message)
                .field(format!("parameters.{parameter}"))
                .severity(Severity::Low)
                .confidence(Confidence::Medium);
        }
    }
}
