use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// All pods of a namespace that name no service account share the one called `default`. A
    /// right that one of them is given, all of them have, and in an audit log they cannot be told
    /// apart.
    ///
    /// A pod that gets no token (`automountServiceAccountToken: false`) makes no use of the
    /// account and is left out.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       serviceAccountName: default
    /// #                         ^^^^^^^ Deployment `shop/api` runs as the default service account
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       serviceAccountName: api
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "default-service-account-used",
        summary: "pod runs as the default service account",
        remedy: "Make a ServiceAccount for the workload and name it in `serviceAccountName`.",
        severity: Low,
        check: Check::Pod(check),
        peers: &[
            "kube-linter:default-service-account",
            "kubesec:ServiceAccountName",
            "kics:service_account_name_undefined_or_empty",
            "kubeaudit:AutomountServiceAccountTokenTrueAndDefaultSA",
            "popeye:300",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::SERVICE_ACCOUNT],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
        ],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let token = pod.automount_service_account_token().and_then(|node| node.as_bool());
    if token == Some(false) {
        return;
    }
    let span = match pod.service_account_name() {
        Some(node) if node.text() == Some("default") => node.span(),
        None if is_complete(pod) => pod.object.name_span(),
        _ => return,
    };
    let message = format!("{} runs as the default service account", pod.object.display());
    out.report(span, message).field("spec.serviceAccountName");
}
