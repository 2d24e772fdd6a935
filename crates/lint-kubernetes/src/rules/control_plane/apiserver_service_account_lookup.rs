use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// With the lookup, which is the default, a token is refused once its service account or Secret
    /// is deleted. Without it, a token that leaked is good for as long as its signature is.
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
    ///     - --service-account-lookup=false
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` takes tokens of service accounts that are gone
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
    ///     - --service-account-lookup=true
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-service-account-lookup",
        summary: "API server takes tokens of deleted service accounts",
        remedy: "Remove `--service-account-lookup=false`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_96",
            "trivy:KCV-0024",
            "kubescape:C-0135",
            "kics:service_account_lookup_set_to_false",
        ],
        security: true,
        cwe: &[613],
        controls: &[control::SERVICE_ACCOUNT],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
        ],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.is_off("service-account-lookup", true) {
        component.report(
            out,
            span,
            "service-account-lookup",
            "takes tokens of service accounts that are gone",
        );
    }
}
