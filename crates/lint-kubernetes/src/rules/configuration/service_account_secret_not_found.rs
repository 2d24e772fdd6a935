use careen_kube_model::field;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::relations::{Providers, text};

rule! {
    /// The `secrets` of a ServiceAccount name the tokens it may mount. Since Kubernetes 1.24 no
    /// token is made by itself, so a list that names one nobody makes is left over from an old
    /// cluster: what waits for that token waits for ever.
    ///
    /// Only said in repositories that supply Secrets at all.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: ci
    ///   namespace: shop
    /// secrets:
    /// - name: ci-token-x7k2p
    /// #       ^^^^^^^^^^^^^^ ServiceAccount `shop/ci` lists Secret `ci-token-x7k2p`, which nothing in the repository supplies
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: ci-token
    ///   namespace: shop
    ///   annotations: {kubernetes.io/service-account.name: ci}
    /// type: kubernetes.io/service-account-token
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: ci
    ///   namespace: shop
    /// secrets:
    /// - name: ci-token
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: ci-token
    ///   namespace: shop
    ///   annotations: {kubernetes.io/service-account.name: ci}
    /// type: kubernetes.io/service-account-token
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-account-secret-not-found",
        summary: "service account lists a secret that nothing supplies",
        remedy: "Remove the entry, or supply the Secret of type `kubernetes.io/service-account-token`.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Low,
        peers: &["popeye:304"],
        controls: &[control::SERVICE_ACCOUNT],
        references: &["https://kubernetes.io/docs/concepts/security/service-accounts/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let secrets = Providers::of_secrets(snapshot);
    if secrets.is_empty() {
        return;
    }
    for object in snapshot.of_kind("ServiceAccount").filter(|it| it.view.group().is_empty()) {
        let list = object.view.at(&["secrets"]);
        for item in list.iter().flat_map(Node::items) {
            let (Some(name), Some(node)) = (text(item, "name"), field(item, "name")) else {
                continue;
            };
            if secrets.has(object.view.namespace(), name) {
                continue;
            }
            let message = format!(
                "{} lists Secret `{name}`, which nothing in the repository supplies",
                object.view.display()
            );
            out.report(object.source(), node.span(), message).object(object.path()).evidence(name);
        }
    }
}
