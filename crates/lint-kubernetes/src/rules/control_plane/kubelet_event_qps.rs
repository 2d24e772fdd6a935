use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The kubelet writes 50 events a second at most. With 0 there is no bound, and one pod in a
    /// crash loop can flood the API server.
    ///
    /// Some benchmarks ask for 0 so that no event of interest is lost; both have a point. Off
    /// unless it is asked for. Settings are read from a `KubeletConfiguration`, also inside a
    /// ConfigMap, from the command line of a kubelet, and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// eventRecordQPS: 0
    /// #               ^ kubelet of KubeletConfiguration writes events without a bound
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// eventRecordQPS: 50
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-event-qps",
        summary: "kubelet writes events without a bound",
        remedy: "Remove `eventRecordQPS`, or set it to what the API server can take.",
        severity: Info,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_147",
            "trivy:KCV-0087",
            "kubescape:C-0180",
            "kics:kubelet_event_qps_not_properly_set",
        ],
        security: true,
        cwe: &[400],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
        default: false,
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    if let Some((0, span)) = component.number("event-qps") {
        component.report(out, span, "event-qps", "writes events without a bound");
    }
}
