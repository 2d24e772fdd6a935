use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program, seconds};

rule! {
    /// A request may take 60 seconds unless the flag says otherwise. A much longer time lets slow
    /// or hostile clients keep requests open until the API server has no room for others.
    ///
    /// It is reported from more than five minutes on.
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
    ///     - --request-timeout=1h0m0s
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` lets a request take more than five minutes
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
    ///     - --request-timeout=1m0s
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-request-timeout",
        summary: "API server lets requests take very long",
        remedy: "Remove `--request-timeout`, or set it to five minutes at most.",
        severity: Low,
        check: Check::Component(check),
        peers: &["checkov:CKV_K8S_95", "kubescape:C-0134", "kics:request_timeout_not_properly_set"],
        security: true,
        cwe: &[400],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
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
    let Some(flag) = component.flag("request-timeout") else { return };
    let seconds = flag.text().and_then(seconds);
    if seconds.is_some_and(|seconds| seconds > 300) {
        component.report(
            out,
            flag.span,
            "request-timeout",
            "lets a request take more than five minutes",
        );
    }
}
