use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program, seconds};

rule! {
    /// Connections of `exec`, `attach` and `port-forward` end after four idle hours by default.
    /// With 0 they never do, so that forgotten sessions pile up on the node and stay open to
    /// whoever finds them.
    ///
    /// Settings are read from a `KubeletConfiguration`, also inside a ConfigMap, from the command
    /// line of a kubelet, and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// streamingConnectionIdleTimeout: 0s
    /// #                               ^^ kubelet of KubeletConfiguration never ends idle connections
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// streamingConnectionIdleTimeout: 4h0m0s
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-streaming-idle-timeout",
        summary: "idle connections to the kubelet never end",
        remedy: "Remove `streamingConnectionIdleTimeout`, or set it to minutes or hours.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_143",
            "trivy:KCV-0085",
            "kubescape:C-0176",
            "kics:kubelet_streaming_connection_timeout_disabled",
        ],
        security: true,
        cwe: &[613],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    let Some(flag) = component.flag("streaming-connection-idle-timeout") else { return };
    if flag.text().and_then(seconds) == Some(0) {
        let what = "never ends idle connections";
        component.report(out, flag.span, "streaming-connection-idle-timeout", what);
    }
}
