use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::fix;
use crate::rbac::{Tokens, account_of, given};
use crate::relations::is_complete;

rule! {
    /// Unless it is switched off, every container finds a token for the Kubernetes API in its
    /// filesystem. Whoever gets into the container can use it from there, with all rights its
    /// service account has or ever gets.
    ///
    /// A pod that talks to the API needs its token: give it a service account of its own, and
    /// bind a role to it or write `automountServiceAccountToken: true` to say so. A
    /// ServiceAccount of the repository that switches the token on or off counts.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    /// #       ^^^ Deployment `shop/api` gets a token for the Kubernetes API
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
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
    ///       automountServiceAccountToken: false
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-account-token-automounted",
        summary: "pod gets a token for the Kubernetes API",
        remedy: "Set `automountServiceAccountToken: false` on the pod or its ServiceAccount.",
        severity: Medium,
        check: Check::Snapshot(check),
        peers: &[
            "polaris:automountServiceAccountToken",
            "kubesec:AutomountServiceAccountToken",
            "checkov:CKV_K8S_38",
            "trivy:KSV-0036",
            "kubescape:C-0034",
            "kubescape:C-0190",
            "kics:service_account_token_automount_not_disabled",
            "kubeaudit:AutomountServiceAccountTokenTrueAndDefaultSA",
            "popeye:301",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::SERVICE_ACCOUNT, control::RBAC_LEAST_PRIVILEGE],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let tokens = Tokens::of(snapshot);
    let mut bound = None;
    for object in snapshot.workloads() {
        let Some(pod) = object.view.pod_template() else { continue };
        let account = account_of(pod);
        let span = match pod.automount_service_account_token() {
            // Asked for, by a pod with an account made for it.
            Some(node) if node.as_bool() != Some(true) || account != "default" => continue,
            Some(node) => node.span(),
            None if !is_complete(pod) => continue,
            None if tokens.are_off(object.view.namespace(), account) => continue,
            None if account != "default" && tokens.are_on(object.view.namespace(), account) => {
                continue;
            }
            None => object.view.name_span(),
        };
        let bound = bound.get_or_insert_with(|| given(snapshot, |_| Some(None)));
        if account != "default" && bound.get(object.view.namespace(), account).is_some() {
            continue;
        }
        let message = format!("{} gets a token for the Kubernetes API", object.view.display());
        let mut path = object.path();
        path.field = Some("spec.automountServiceAccountToken".to_owned());
        let finding = out.report(object.source(), span, message);
        finding.object(path);
        fix::no_token(finding, pod);
    }
}
