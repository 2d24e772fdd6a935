use std::collections::{BTreeSet, HashMap};

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::rbac::{ROLES, Role, bindings};

rule! {
    /// A role that nobody is bound to does nothing now, and is granted without a look by the next
    /// binding that names it. Often the binding was renamed or deleted. It is fine where bindings
    /// are made elsewhere, such as by the people of a namespace: a repository without any binding
    /// is not judged, and neither are roles that are part of another by a label.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: reader
    /// #       ^^^^^^ Role `shop/reader` is bound by nothing in the repository
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods]
    ///   verbs: [get]
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: writer
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [services]
    ///   verbs: [get]
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: Role
    ///   name: writer
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: reader
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods]
    ///   verbs: [get]
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: Role
    ///   name: reader
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: reader
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods]
    ///   verbs: [get]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-role-unused",
        summary: "role is bound by nothing",
        remedy: "Delete the role, or correct the name in the binding.",
        severity: Low,
        check: Check::Snapshot(check),
        peers: &["popeye:400"],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        confidence: Confidence::Low,
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/rbac/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut used: HashMap<(&str, &str), BTreeSet<Option<&str>>> = HashMap::new();
    for (_, binding) in bindings(snapshot) {
        // What a template fills in may be any of the roles.
        if is_placeholder(binding.role) {
            return;
        }
        let namespace = binding.view.namespace().filter(|_| binding.role_kind == "Role");
        used.entry((binding.role_kind, binding.role)).or_default().insert(namespace);
    }
    if used.is_empty() {
        return;
    }
    for object in ROLES.iter().flat_map(|kind| snapshot.of_kind(kind)) {
        let view = object.view;
        let Some(role) = Role::of(view) else { continue };
        if role.is_aggregated_to_another() || view.name().is_empty() || is_placeholder(view.name())
        {
            continue;
        }
        let namespaces = used.get(&(view.kind(), view.name()));
        let is_used = namespaces.is_some_and(|namespaces| {
            let own = view.namespace();
            own.is_none() || namespaces.contains(&None) || namespaces.contains(&own)
        });
        if !is_used {
            let message = format!("{} is bound by nothing in the repository", view.display());
            out.report(object.source(), view.name_span(), message).object(object.path());
        }
    }
}
