use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// The token of a service account speaks to the API server with all its permissions. Those that were
    /// kept in Secrets before Kubernetes 1.24 never expire. It is known by what it says about itself.
    ///
    /// ```yaml bad
    /// users:
    /// - name: deployer
    ///   user:
    ///     token: eyJhbGciOiJSUzI1NiIsImtpZCI6IlpxOFJrMkxtNVRuN1Z3OVgifQ.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwia3ViZXJuZXRlcy5pby9zZXJ2aWNlYWN·jb3VudC9uYW1lc3BhY2UiOiJzaG9wIiwic3ViIjoic3lzdGVtOnNlcnZpY2VhY2NvdW50OnNob3A6ZGVwbG95ZXIifQ.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ token of service account `shop/deployer` is committed, without expiry
    /// ```
    /// ```yaml good
    /// users:
    /// - name: deployer
    ///   user:
    ///     tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubernetes-service-account-token-committed",
        summary: "token of a Kubernetes service account is committed",
        remedy: "Delete the Secret that holds the token, or the service account, and use tokens that expire (`kubectl create token`).",
        severity: Critical,
        check: Check::Found(Find::ServiceAccountToken),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[798],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/",
        ],
    }
}
