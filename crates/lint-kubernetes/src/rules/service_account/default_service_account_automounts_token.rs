use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// All pods of the namespace that name no account run as `default` and get its token: a right
    /// that is given to it, by mistake or for one of them, all have. Pods that use the Kubernetes
    /// API should have an account of their own, so nothing needs this token.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: default
    /// #       ^^^^^^^ ServiceAccount `shop/default` gives its pods a token for the Kubernetes API
    ///   namespace: shop
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: default
    ///   namespace: shop
    /// automountServiceAccountToken: true
    /// #                             ^^^^ ServiceAccount `shop/default` gives its pods a token for the Kubernetes API
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: default
    ///   namespace: shop
    /// automountServiceAccountToken: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "default-service-account-automounts-token",
        summary: "default service account gives its token to every pod",
        remedy: "Set `automountServiceAccountToken: false` on the account.",
        severity: Low,
        check: Check::Kind(&["ServiceAccount"], check),
        peers: &["checkov:CKV_K8S_41", "kubescape:C-0189", "kubescape:C-0225"],
        security: true,
        cwe: &[250],
        controls: &[control::SERVICE_ACCOUNT],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
        ],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !view.is("", "ServiceAccount") || view.name() != "default" {
        return;
    }
    let automount = view.at(&["automountServiceAccountToken"]);
    let span = match automount {
        Some(node) if node.as_bool() == Some(true) => node.span(),
        // Switched off, or not known before a template is filled in.
        Some(_) => return,
        None => view.name_span(),
    };
    let message = format!("{} gives its pods a token for the Kubernetes API", view.display());
    out.report(span, message).field("automountServiceAccountToken");
}
