use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::control_plane::{Component, Removed, removed_flags, removed_plugins};

rule! {
    /// A program of Kubernetes does not start with a flag or an admission plugin that it does not
    /// know. After an upgrade that removed one, the API server, or the kubelet of every node, stays
    /// down until somebody finds the line.
    ///
    /// The version is that of the configuration, the newest one if there is none. Flags that
    /// kubeadm is told to add are judged too.
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
    ///     - --container-runtime=remote
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^ kubelet of Pod `kube-system/kubelet` is given `container-runtime`, which Kubernetes 1.27 removed, and does not start
    ///     - --kubeconfig=/etc/kubernetes/kubelet.conf
    /// ```
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
    ///     - --enable-admission-plugins=SecurityContextDeny,NodeRestriction
    /// #                                ^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` is given `SecurityContextDeny`, which Kubernetes 1.30 removed, and does not start
    /// ```
    /// ```yaml bad
    /// apiVersion: kubeadm.k8s.io/v1beta4
    /// kind: ClusterConfiguration
    /// controllerManager:
    ///   extraArgs:
    ///   - name: pod-eviction-timeout
    ///     value: 30s
    /// #          ^^^ kube-controller-manager of ClusterConfiguration is given `pod-eviction-timeout`
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
    ///     - --container-runtime-endpoint=unix:///run/containerd/containerd.sock
    /// ```
    pub(crate) static RULE: Check = {
        id: "control-plane-flag-removed",
        summary: "component is given a flag that Kubernetes removed",
        remedy: "Remove the flag or the plugin.",
        severity: High,
        check: Check::Component(check),
        controls: &[control::CLUSTER_HEALTHY],
        references: &["https://kubernetes.io/docs/reference/command-line-tools-reference/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, context: &Context, out: &mut Sink<'_>) {
    for (flag, row) in removed_flags(component) {
        if context.kubernetes.is_at_least(row.gone) {
            report(component, out, flag.span, row);
        }
    }
    for (item, row) in removed_plugins(component) {
        if context.kubernetes.is_at_least(row.gone) {
            report(component, out, item.span, row);
        }
    }
}

fn report(component: &Component<'_>, out: &mut Sink<'_>, span: Span, row: &Removed) {
    let (name, gone) = (row.name, row.gone);
    let message = format!(
        "{component} is given `{name}`, which Kubernetes 1.{gone} removed, and does not start"
    );
    out.report(span, message).field(name).evidence(name);
}
