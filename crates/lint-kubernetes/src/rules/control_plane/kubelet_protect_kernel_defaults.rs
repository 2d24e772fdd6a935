use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The kubelet expects some kernel settings, such as how it panics and overcommits memory, and
    /// changes them at its start. With `protectKernelDefaults` it refuses to start on a node that
    /// differs instead, so that what the image of the node says stays true.
    ///
    /// A node whose settings were not prepared does not come up then. Off unless it is asked for.
    /// Settings are read from a `KubeletConfiguration`, also inside a ConfigMap, from the command
    /// line of a kubelet, and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// protectKernelDefaults: false
    /// #                      ^^^^^ kubelet of KubeletConfiguration changes kernel settings of its node
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// protectKernelDefaults: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-protect-kernel-defaults",
        summary: "kubelet changes kernel settings",
        remedy: "Prepare the kernel settings of the node and set `protectKernelDefaults: true`.",
        severity: Info,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_144",
            "trivy:KCV-0083",
            "kubescape:C-0177",
            "kics:kubelet_protect_kernel_defaults_set_to_false",
        ],
        security: true,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
        default: false,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    if let Some(span) = component.is_off("protect-kernel-defaults", false) {
        component.report(
            out,
            span,
            "protect-kernel-defaults",
            "changes kernel settings of its node",
        );
    }
}
