use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The admission plugin `SecurityContextDeny` refused pods that set the user, group or SELinux
    /// options of a container. Benchmarks ask for it in clusters without any other pod security.
    ///
    /// Pod Security admission does the job better, and Kubernetes 1.30 removed the plugin: for
    /// newer clusters nothing is reported. Off unless it is asked for.
    ///
    /// ```config
    /// kubernetes-version: "1.29"
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
    ///     - --enable-admission-plugins=NodeRestriction
    /// #                                ^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` lets pods choose their security context
    /// ```
    /// ```config
    /// kubernetes-version: "1.29"
    /// ```
    /// ```yaml good
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
    ///     - --enable-admission-plugins=NodeRestriction,SecurityContextDeny
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-security-context-deny",
        summary: "API server lacks the plugin `SecurityContextDeny`",
        remedy: "Use Pod Security admission; on clusters before 1.30 `SecurityContextDeny` may be enabled.",
        severity: Info,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_81",
            "trivy:KCV-0013",
            "kubescape:C-0124",
            "kics:security_context_deny_admission_control_plugin_not_set",
        ],
        security: true,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",
        ],
        default: false,
    }
}

fn check(component: &Component<'_>, context: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if context.kubernetes.is_at_least(30) {
        return;
    }
    if let Some(span) = component.lacks_plugin("SecurityContextDeny") {
        let what = "lets pods choose their security context";
        component.report(out, span, "enable-admission-plugins", what);
    }
}
