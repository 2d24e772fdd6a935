use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// `AlwaysAdmit` admits every object as if there were no admission control. Beside other
    /// plugins it does nothing; as the only one of the old flag `--admission-control` it leaves the
    /// cluster without quotas, defaults and Pod Security. It is deprecated.
    ///
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
    ///     - --enable-admission-plugins=NodeRestriction,AlwaysAdmit
    /// #                                                ^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` admits every object
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
    ///     - --enable-admission-plugins=NodeRestriction
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-always-admit",
        summary: "API server admits every object",
        remedy: "Remove `AlwaysAdmit`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_79",
            "trivy:KCV-0011",
            "kubescape:C-0122",
            "kics:always_admit_admission_control_plugin_set",
        ],
        security: true,
        cwe: &[862],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",
        ],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.enables("AlwaysAdmit") {
        component.report(out, span, "enable-admission-plugins", "admits every object");
    }
}
