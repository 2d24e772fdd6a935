use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::pss::{Control, Level, Policy, is_windows};
use crate::relations::is_complete;

rule! {
    /// The restricted Pod Security Standard spares Windows what only Linux has: capabilities,
    /// seccomp, privilege escalation. It knows a pod for Windows by `spec.os.name` alone; a node
    /// selector is not enough, and the pod is refused. The kubelet also uses the field to keep the
    /// pod from nodes of the other kind.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    /// ^^^^ Pod `shop/api` is for Windows but does not say so in `os.name`
    ///   nodeSelector: {kubernetes.io/os: windows}
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   os: {name: windows}
    ///   nodeSelector: {kubernetes.io/os: windows}
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "windows-pod-os-missing",
        summary: "pod for Windows does not name its operating system",
        remedy: "Set `os: {name: windows}` in the spec of the pod.",
        severity: Low,
        check: Check::Pod(check),
        security: true,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/windows/user-guide/"],
    }
}

fn check(pod: PodTemplate<'_>, context: &Context, out: &mut Sink<'_>) {
    if !pod.is_windows() || is_windows(pod) || !is_complete(pod) {
        return;
    }
    let policy = Policy::latest(Level::Restricted, context.kubernetes);
    let is_refused = policy.violations(pod).into_iter().any(|control| {
        matches!(control, Control::Capabilities | Control::Seccomp | Control::PrivilegeEscalation)
    });
    if is_refused {
        let message =
            format!("{} is for Windows but does not say so in `os.name`", pod.object.display());
        out.report(pod.spec_span(), message).field("spec.os.name");
    }
}
