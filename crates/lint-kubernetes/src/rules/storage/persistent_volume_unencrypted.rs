use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Confidence, Severity, Sink, control, rule};

use crate::Check;
use crate::encryption::{Encryption, of_class};

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
    match of_class(object) {
        Encryption::Refused(parameter, entry) => {
            let message = format!("{} makes volumes that are not encrypted", object.display());
            out.report(entry.value.span(), message).field(format!("parameters.{parameter}"));
        }
        Encryption::NotAsked(parameter) => {
            let message = format!("{} does not encrypt its volumes", object.display());
            out.report(object.name_span(), message)
                .field(format!("parameters.{parameter}"))
                .severity(Severity::Low)
                .confidence(Confidence::Medium);
        }
        Encryption::On | Encryption::Unknown => {}
    }
}
