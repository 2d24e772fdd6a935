use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// With `AlwaysAllow`, whoever can authenticate to the kubelet may do everything, such as run
    /// commands in any container of the node.
    ///
    /// The default is `Webhook` in a configuration file, which asks the API server, and
    /// `AlwaysAllow` on a command line. Settings are read from a `KubeletConfiguration`, also
    /// inside a ConfigMap, from the command line of a kubelet, and from what kubeadm is told to add
    /// to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// authorization:
    ///   mode: AlwaysAllow
    /// #       ^^^^^^^^^^^ kubelet of KubeletConfiguration allows every request
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
    /// #     ^^^^^^^ kubelet of Pod `kube-system/kubelet` allows every request
    ///     - --kubeconfig=/etc/kubernetes/kubelet.conf
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// authorization:
    ///   mode: Webhook
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-authorization-always-allow",
        summary: "kubelet allows every request",
        remedy: "Set `authorization.mode: Webhook`.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_139",
            "trivy:KCV-0080",
            "kubescape:C-0173",
            "kics:authorization_mode_set_to_always_allow",
        ],
        security: true,
        cwe: &[862],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    let what = "allows every request";
    if let Some(mode) = component.item("authorization-mode", "AlwaysAllow") {
        component.report(out, mode.span, "authorization-mode", what);
    } else if !component.is_configuration()
        && let Some(span) = component.lacks("authorization-mode")
    {
        component.report(out, span, "authorization-mode", what);
    }
}
