use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// A kubeconfig with a token, a password or a client key opens the cluster to whoever holds the
    /// file, with the rights of its user and often as administrator. One that runs a command to log in
    /// is fine.
    ///
    /// ```yaml bad file=kube/config
    /// apiVersion: v1
    /// kind: Config
    /// clusters:
    ///   - name: prod
    ///     cluster: {server: "https://10.0.0.1:6443"}
    /// users:
    ///   - name: admin
    ///     user:
    ///       token: q8Rk2Lm5·Tn7Vw9Xb3Cd4
    /// #            ^^^^^^^^^^^^^^^^^^^^ kubeconfig holds `token` of user `admin`
    /// ```
    /// ```yaml good file=kube/config
    /// apiVersion: v1
    /// kind: Config
    /// users:
    ///   - name: admin
    ///     user:
    ///       exec:
    ///         apiVersion: client.authentication.k8s.io/v1
    ///         command: kubelogin
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubeconfig-credential-committed",
        summary: "credential of a cluster stands in a committed kubeconfig",
        remedy: "Revoke the credential in the cluster and log in through a command (`exec`) with short-lived tokens.",
        severity: Critical,
        check: Check::Found(Find::KubeconfigCredential),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[312, 798],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
            "https://kubernetes.io/docs/reference/access-authn-authz/authentication/",
        ],
    }
}
