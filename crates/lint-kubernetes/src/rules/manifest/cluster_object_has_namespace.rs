use careen_kube_model::{ObjectView, is_namespaced, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// The kind belongs to the cluster as a whole, and the API server drops the namespace without
    /// a word. Whoever reads the manifest takes the object, a ClusterRoleBinding for instance, to
    /// be confined to that namespace, and two copies for two namespaces overwrite each other.
    ///
    /// Nothing breaks where the field is only left over.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: reader
    ///   namespace: shop
    /// #            ^^^^ ClusterRole `shop/reader` names a namespace, but its kind belongs to the whole cluster
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [services]
    ///   verbs: [get]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: reader
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [services]
    ///   verbs: [get]
    /// ```
    pub(crate) static RULE: Check = {
        id: "cluster-object-has-namespace",
        summary: "object of the whole cluster names a namespace",
        remedy: "Remove `metadata.namespace`, or use the kind that lives in a namespace.",
        severity: Low,
        check: Check::Object(check),
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#not-all-objects-are-in-a-namespace",
        ],
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if view.namespace().is_none() || is_namespaced(view.group(), view.kind()) != Some(false) {
        return;
    }
    let Some(namespace) = path(view.root(), &["metadata", "namespace"]) else { return };
    let message =
        format!("{} names a namespace, but its kind belongs to the whole cluster", view.display());
    out.report(namespace.span(), message).field("metadata.namespace");
}
