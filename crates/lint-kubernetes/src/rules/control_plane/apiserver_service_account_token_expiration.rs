use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Tokens that pods get are meant to last an hour, but by default the API server makes them
    /// valid for a year, for old clients that never read theirs again. A token that leaks is good
    /// for that long.
    ///
    /// It is fine as long as there are such clients; the metric `serviceaccount_stale_tokens_total`
    /// tells. Off unless it is asked for.
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
    ///     - --service-account-extend-token-expiration=true
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` extends service account tokens to a year
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
    ///     - --service-account-extend-token-expiration=false
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-service-account-token-expiration",
        summary: "API server extends service account tokens to a year",
        remedy: "Set `--service-account-extend-token-expiration=false` once no client uses stale tokens.",
        severity: Low,
        check: Check::Component(check),
        peers: &["kubescape:C-0290"],
        security: true,
        cwe: &[613],
        controls: &[control::SERVICE_ACCOUNT],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
        ],
        default: false,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.is_on("service-account-extend-token-expiration", true) {
        component.report(
            out,
            span,
            "service-account-extend-token-expiration",
            "extends service account tokens to a year",
        );
    }
}
