use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The read-only port serves pods, their environment and metrics over plain HTTP to everybody
    /// who reaches the node.
    ///
    /// It is closed by default in a configuration file and open at 10255 on a command line.
    /// Settings are read from a `KubeletConfiguration`, also inside a ConfigMap, from the command
    /// line of a kubelet, and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// readOnlyPort: 10255
    /// #             ^^^^^ kubelet of KubeletConfiguration serves everybody at port 10255
    /// ```
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
    /// #     ^^^^^^^ kubelet of Pod `kube-system/kubelet` serves everybody at port 10255
    ///     - --kubeconfig=/etc/kubernetes/kubelet.conf
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// readOnlyPort: 0
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-read-only-port",
        summary: "kubelet opens the read-only port",
        remedy: "Set `readOnlyPort: 0`.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_141",
            "trivy:KCV-0082",
            "kubescape:C-0175",
            "kics:kubelet_read_only_port_is_not_set_to_zero",
        ],
        security: true,
        cwe: &[306],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    let flag = "read-only-port";
    if let Some((port, span)) = component.number(flag) {
        if port != 0 {
            component.report(out, span, flag, &format!("serves everybody at port {port}"));
        }
    } else if !component.is_configuration()
        && let Some(span) = component.lacks(flag)
    {
        component.report(out, span, flag, "serves everybody at port 10255");
    }
}
