use careen_kube_model::field;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::relations::{Names, text};

rule! {
    /// A binding for a service account that does not exist grants nothing now, and everything to
    /// whoever makes an account of that name later. Usually the account was renamed or lives in
    /// another namespace. Users and groups are not checked, and neither are repositories that
    /// declare no service account.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: website
    /// #       ^^^^^^^ RoleBinding `shop/web` grants rights to ServiceAccount `shop/website`, which is not in the repository
    ///   namespace: shop
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// ---
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// automountServiceAccountToken: false
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// ---
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// automountServiceAccountToken: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-subject-not-found",
        summary: "binding grants rights to a service account that does not exist",
        remedy: "Correct the name or namespace of the subject, or delete the binding.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        aliases: &["subject-not-found"],
        peers: &["popeye:1300"],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/rbac/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let accounts = Names::of(snapshot, &[("", "ServiceAccount")]);
    if accounts.is_empty() {
        return;
    }
    let bindings = snapshot.of_kind("RoleBinding").chain(snapshot.of_kind("ClusterRoleBinding"));
    for binding in bindings.filter(|object| object.view.group() == "rbac.authorization.k8s.io") {
        let view = binding.view;
        let subjects = view.at(&["subjects"]);
        for subject in subjects.iter().flat_map(Node::items) {
            if text(subject, "kind") != Some("ServiceAccount") {
                continue;
            }
            let Some(node) = field(subject, "name") else { continue };
            let Some(name) = node.text().filter(|name| !name.is_empty()) else { continue };
            let namespace = text(subject, "namespace").or(view.namespace());
            // Every namespace has a default account, and the cluster has its own.
            if name == "default"
                || namespace.is_some_and(|namespace| namespace.starts_with("kube-"))
                || accounts.has("ServiceAccount", namespace, name)
            {
                continue;
            }
            let shown = match namespace {
                Some(namespace) => format!("{namespace}/{name}"),
                None => name.to_owned(),
            };
            let message = format!(
                "{} grants rights to ServiceAccount `{shown}`, which is not in the repository",
                view.display()
            );
            out.report(binding.source(), node.span(), message)
                .object(binding.path())
                .field("subjects")
                .evidence(shown);
        }
    }
}
