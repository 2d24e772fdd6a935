use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The name of a node is in its certificates and in its rights. A name that differs from that
    /// of the host breaks verification easily, and makes it hard to tell which machine a line of a
    /// log is about.
    ///
    /// Cloud providers and kubeadm set it on purpose, which is fine. Off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kubelet
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kubelet
    ///     image: registry.k8s.io/kubelet:v1.34.0
    ///     command:
    ///     - kubelet
    ///     - --hostname-override=node-1
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^ kubelet of Pod `kube-system/kubelet` has another name than its host
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kubelet
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kubelet
    ///     image: registry.k8s.io/kubelet:v1.34.0
    ///     command:
    ///     - kubelet
    ///     - --config=/var/lib/kubelet/config.yaml
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-hostname-override",
        summary: "kubelet has another name than its host",
        remedy: "Remove `--hostname-override`.",
        severity: Info,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_146",
            "trivy:KCV-0086",
            "kubescape:C-0179",
            "kics:kubelet_hostname_override_is_set",
        ],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/"],
        default: false,
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    if let Some(flag) = component.flag("hostname-override") {
        let what = "has another name than its host";
        component.report(out, flag.span, "hostname-override", what);
    }
}
