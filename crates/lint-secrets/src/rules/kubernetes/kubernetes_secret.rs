use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// The values of a Secret are base64, which hides nothing: whoever can read the repository, now or
    /// in any clone of its history, can read them. Sealed and encrypted Secrets, references to secret
    /// stores, certificates, public keys and stand-ins are left alone; values that are recognised as a
    /// token or key of some kind are reported as that. The literals that Kustomize makes Secrets of, and
    /// the copy of a Secret that `kubectl apply` leaves in an annotation, are read alike.
    ///
    /// ```yaml bad file=secret.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: shop
    ///   namespace: shop
    /// data:
    ///   password: a1I3dlRx·MndaCg==
    /// #           ^^^^^^^^^^^^^^^^ value of `password` in Secret `shop/shop` is committed in base64
    /// stringData:
    ///   pepper: "kR7·vTq2wZ"
    /// #          ^^^^^^^^^ value of `pepper` in Secret `shop/shop` is committed in plain text
    /// ```
    /// ```yaml bad file=kustomization.yaml
    /// secretGenerator:
    ///   - name: shop
    ///     literals:
    ///       - pepper=kR7·vTq2wZ
    /// #              ^^^^^^^^^ literal `pepper` of the generated Secret `shop` is committed
    /// ```
    /// ```yaml good file=sealed.yaml
    /// apiVersion: bitnami.com/v1alpha1
    /// kind: SealedSecret
    /// metadata:
    ///   name: shop
    ///   namespace: shop
    /// spec:
    ///   encryptedData:
    ///     password: AgBy8hCM8CmaTU3qGG6Lp9
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubernetes-secret-committed",
        summary: "value of a Kubernetes Secret is committed in the clear",
        remedy: "Change the value, and commit a SealedSecret, an ExternalSecret or a file encrypted with SOPS instead.",
        severity: Medium,
        check: Check::Found(Find::KubernetesSecret),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO, control::SECRETS_IN_VAULT],
        confidence: careen_rule::Confidence::Medium,
        aliases: &["kubernetes-client-secret"],
        cwe: &[312, 798],
        peers: &[
            "betterleaks:kubernetes-secret-yaml",
            "gitleaks:kubernetes-secret-yaml",
        ],
        references: &["https://kubernetes.io/docs/concepts/configuration/secret/"],
    }
}
