use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Secrets are stored in etcd as they are unless the API server is told to encrypt them. A
    /// backup, a snapshot of the disk or a member that is thrown away then holds every password of
    /// the cluster.
    ///
    /// It is less pressing where the disks of etcd and its backups are encrypted.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` stores Secrets unencrypted
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --encryption-provider-config=/etc/kubernetes/encryption.yaml
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-encryption-config",
        summary: "API server stores Secrets unencrypted",
        remedy: "Set `--encryption-provider-config` to a file with an `EncryptionConfiguration`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_104",
            "trivy:KCV-0030",
            "kubescape:C-0141",
            "kubescape:C-0066",
            "kics:encryption_provider_config_is_not_defined",
        ],
        security: true,
        cwe: &[311],
        controls: &[control::SECRETS_ENCRYPTED],
        references: &["https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.lacks("encryption-provider-config") {
        component.report(out, span, "encryption-provider-config", "stores Secrets unencrypted");
    }
}
