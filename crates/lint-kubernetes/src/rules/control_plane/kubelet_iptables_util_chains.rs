use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The kubelet keeps a few chains of iptables that Services and other programs build on.
    /// Switched off, somebody else has to keep them, and nodes come to differ in ways that are hard
    /// to find.
    ///
    /// Settings are read from a `KubeletConfiguration`, also inside a ConfigMap, from the command
    /// line of a kubelet, and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// makeIPTablesUtilChains: false
    /// #                       ^^^^^ kubelet of KubeletConfiguration does not keep its iptables chains
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// makeIPTablesUtilChains: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-iptables-util-chains",
        summary: "kubelet does not keep its iptables chains",
        remedy: "Remove `makeIPTablesUtilChains: false`.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_145",
            "trivy:KCV-0084",
            "kubescape:C-0178",
            "kics:kubelet_not_managing_ip_tables",
        ],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    if let Some(span) = component.is_off("make-iptables-util-chains", true) {
        component.report(
            out,
            span,
            "make-iptables-util-chains",
            "does not keep its iptables chains",
        );
    }
}
