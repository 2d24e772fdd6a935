use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Process numbers are shared by all of a node. Without a limit per pod, one that starts
    /// processes without end leaves none for the others, for the kubelet, or for the shell that
    /// would save the node.
    ///
    /// Settings are read from a `KubeletConfiguration`, also inside a ConfigMap, from the command
    /// line of a kubelet, and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// podPidsLimit: -1
    /// #             ^^ kubelet of KubeletConfiguration lets a pod start any number of processes
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// podPidsLimit: 4096
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-pod-pid-limit",
        summary: "pods may start any number of processes",
        remedy: "Set `podPidsLimit`, for example to 4096.",
        severity: Low,
        check: Check::Component(check),
        peers: &["kubescape:C-0284"],
        security: true,
        cwe: &[770],
        controls: &[control::RESOURCE_LIMITS],
        references: &["https://kubernetes.io/docs/concepts/policy/pid-limiting/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    let what = "lets a pod start any number of processes";
    if let Some((_, span)) = component.number("pod-max-pids").filter(|(limit, _)| *limit <= 0) {
        component.report(out, span, "pod-max-pids", what);
    } else if let Some(span) = component.lacks("pod-max-pids") {
        component.report(out, span, "pod-max-pids", what);
    }
}
