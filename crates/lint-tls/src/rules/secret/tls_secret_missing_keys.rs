use careen_kube_model::Secret;
use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::site::TLS_SECRET;

rule! {
    /// The API server refuses a Secret of type `kubernetes.io/tls` that lacks `tls.crt` or
    /// `tls.key` (`data[tls.key]: Required value`). In a pipeline the refusal stops what comes
    /// after it, and an Ingress that names the Secret serves the controller's fake certificate.
    ///
    /// It is fine in a patch that kustomize lays over a whole Secret.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// #     ^^^^^^^^^^^^^^^^^ Secret `shop/web-tls` of type kubernetes.io/tls has no `tls.key`
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   server.key: ""
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-ca, namespace: shop}
    /// type: Opaque
    /// data:
    ///   ca.crt: ${ca.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "tls-secret-missing-keys",
        summary: "TLS Secret lacks its certificate or its key",
        remedy: "Give the Secret both `tls.crt` and `tls.key`, or the type `Opaque` if it holds something else.",
        severity: High,
        check: Check::Kind(&["Secret"], check),
        aliases: &["tls-secret-key-missing"],
        controls: &[control::MANIFESTS_VALID, control::TLS_VALID],
        references: &["https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let Some(secret) = Secret::of(view).filter(|secret| secret.secret_type() == TLS_SECRET) else {
        return;
    };
    let has = |key: &str| {
        ["data", "stringData"]
            .iter()
            .any(|list| view.at(&[list]).is_some_and(|list| list.get(key).is_some()))
    };
    let missing = match (has("tls.crt"), has("tls.key")) {
        (true, true) => return,
        (false, true) => "no `tls.crt`",
        (true, false) => "no `tls.key`",
        (false, false) => "neither `tls.crt` nor `tls.key`",
    };
    let span = secret.type_node().map_or_else(|| view.name_span(), |node| node.span());
    let message = format!("{} of type {TLS_SECRET} has {missing}", view.display());
    out.report(span, message).field("data");
}
