use careen_kube_model::ObjectView;
use careen_kube_model::Secret;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// The values of a Secret in a repository are base64, which hides nothing: whoever can read the
    /// repository, or any old clone of it, has them. An ExternalSecret, a SealedSecret, a file
    /// encrypted with SOPS or a secret store's CSI driver keep them out. Must be asked for:
    /// credentials in Secrets are found one by one by the secrets linter, and a Secret may hold
    /// what is no secret.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// #     ^^^^^^ Secret `shop/web` has its values in the repository
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// stringData:
    ///   mode: production
    /// ```
    /// ```yaml good
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   secretStoreRef: {name: vault, kind: SecretStore}
    ///   dataFrom:
    ///   - extract: {key: shop/web}
    /// ```
    pub(crate) static RULE: Check = {
        id: "native-secret-object",
        summary: "Secret has its values in the repository",
        remedy: "Let an ExternalSecret, SealedSecret or SOPS supply the Secret.",
        severity: Low,
        check: Check::Kind(&["Secret"], check),
        security: true,
        cwe: &[312],
        peers: &[
            "kubescape:C-0208",
            "kubescape:C-0234",
            "kics:using_kubernetes_native_secret_management",
        ],
        controls: &[control::SECRETS_IN_VAULT, control::SECRETS_NOT_IN_REPO],
        references: &["https://kubernetes.io/docs/concepts/security/secrets-good-practices/"],
        default: false,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(secret) = Secret::of(view).filter(|_| !crate::strings::is_encrypted(view)) else {
        return;
    };
    let token = secret.secret_type() == "kubernetes.io/service-account-token";
    if !token && !secret.guarded_spans().is_empty() {
        let message = format!("{} has its values in the repository", view.display());
        out.report(view.kind_span(), message);
    }
}
