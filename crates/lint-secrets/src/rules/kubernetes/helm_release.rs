use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// Helm keeps each release in a Secret: the chart, the manifests and all values that were given, as
    /// JSON in gzip in base64. Committed (in a backup, or with `kubectl get -o yaml`), it hides nothing.
    /// What is recognised inside is reported as what it is, with its place in the release.
    ///
    /// ```yaml bad file=release.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: sh.helm.release.v1.shop.v1
    ///   namespace: shop
    /// type: helm.sh/release.v1
    /// data:
    ///   release: SDRzSUFBQUFBQUFDQTFXTXdRcUVNQXhFL3lWbkVk·U2JmNU50NDFxb2pUU3BJTkovMzJSaEQzc2JadWE5·QndvZUJDdkl6aWNNa01yR3NENGdpdHJFK2tobjVw·c2k5QUhDamxWOVBVZ3hvcUxuZi82aUtvbUxGZE00·ajR0VEYrWkc0dGRxcmhUUTh0eGR4MlZMYng4Q1oy·N1ZvSmRkdjh4UE0vVVB0bk1ERUtJQUFBQT0=
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Secret `shop/sh.helm.release.v1.shop.v1` holds a packed Helm release with all its values
    /// ```
    /// ```yaml good file=release.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata:
    ///   name: shop
    ///   namespace: shop
    /// spec:
    ///   valuesFrom:
    ///     - kind: Secret
    ///       name: shop-values
    /// ```
    pub(crate) static RULE: Check = {
        id: "helm-release-committed",
        summary: "packed Helm release is committed",
        remedy: "Take the Secret out of the repository, change the secrets among its values, and commit the values file (with references to secrets) instead.",
        severity: Medium,
        check: Check::Found(Find::HelmRelease),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[312, 798],
        references: &["https://helm.sh/docs/topics/advanced/#storage-backends"],
    }
}
