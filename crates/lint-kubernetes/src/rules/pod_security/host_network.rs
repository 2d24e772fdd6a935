use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A pod in the node's network can listen on every port of the node, reach services that
    /// trust `localhost`, such as the kubelet, and read the traffic of other pods. Network
    /// policies do not apply to it.
    ///
    /// Network drivers, ingress controllers and some monitors on bare metal need it; suppress the
    /// finding there with a reason.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   hostNetwork: true
    /// #              ^^^^ Pod `ops/agent` uses the network of the node
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   hostNetwork: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "host-network",
        summary: "pod uses the node's network",
        remedy: "Remove `hostNetwork`.",
        severity: High,
        check: Check::Pod(check),
        peers: &[
            "kube-linter:host-network",
            "polaris:hostNetworkSet",
            "kubesec:HostNetwork",
            "checkov:CKV_K8S_19",
            "trivy:KSV-0009",
            "kubescape:C-0041",
            "kics:shared_host_network_namespace",
            "kubeaudit:NamespaceHostNetworkTrue",
            "pss:hostNamespaces",
        ],
        security: true,
        fragments: true,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    if let Some(node) = pod.host_network() {
        let message = format!("{} uses the network of the node", pod.object.display());
        out.report(node.span(), message).field("spec.hostNetwork");
    }
}
