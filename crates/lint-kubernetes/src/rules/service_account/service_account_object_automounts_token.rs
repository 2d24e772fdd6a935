use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Every pod of the account gets its token unless the pod says otherwise. Switched off at the
    /// account, a pod that needs the token says so itself, and a review sees which do. Whether pods
    /// get a token is told by `service-account-token-automounted`, so the rule is off.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    /// #       ^^^ ServiceAccount `shop/web` gives its pods a token for the Kubernetes API
    ///   namespace: shop
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// automountServiceAccountToken: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-account-object-automounts-token",
        summary: "service account gives its token to every pod",
        remedy: "Set `automountServiceAccountToken: false` on the account, and `true` on the pods that need it.",
        severity: Low,
        check: Check::Kind(&["ServiceAccount"], check),
        peers: &["kubescape:C-0034", "kubescape:C-0190", "popeye:303"],
        security: true,
        cwe: &[250],
        controls: &[control::SERVICE_ACCOUNT],
        default: false,
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
        ],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !view.is("", "ServiceAccount") || view.name() == "default" {
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
