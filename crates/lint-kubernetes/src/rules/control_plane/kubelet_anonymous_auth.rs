use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// A kubelet that serves anonymous requests lets everybody who reaches port 10250 list pods,
    /// read logs and, where authorization is open too, run commands in containers.
    ///
    /// It is off by default in a configuration file and on by default on a command line. Settings
    /// are read from a `KubeletConfiguration`, also inside a ConfigMap, from the command line of a
    /// kubelet, and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// authentication:
    ///   anonymous:
    ///     enabled: true
    /// #            ^^^^ kubelet of KubeletConfiguration serves anonymous requests
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
    /// #     ^^^^^^^ kubelet of Pod `kube-system/kubelet` serves anonymous requests
    ///     - --kubeconfig=/etc/kubernetes/kubelet.conf
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// authentication:
    ///   anonymous:
    ///     enabled: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-anonymous-auth",
        summary: "kubelet serves anonymous requests",
        remedy: "Set `authentication.anonymous.enabled: false`.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_138",
            "trivy:KCV-0079",
            "kubescape:C-0172",
            "kubescape:C-0069",
            "kics:anonymous_auth_is_not_set_to_false",
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
    let default = !component.is_configuration();
    if let Some(span) = component.is_on("anonymous-auth", default) {
        component.report(out, span, "anonymous-auth", "serves anonymous requests");
    }
}
