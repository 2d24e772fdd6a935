use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{ROLES, Role, SENSITIVE, Wildcard, listed};

rule! {
    /// The verb `*` is more than reading and writing. On roles it is also `bind` and `escalate`,
    /// which lead to any right; on users, groups and service accounts it is `impersonate`; on
    /// Secrets and pods it hides that one of them was enough. Verbs that come with a later version
    /// are part of it. It is fine where the role is meant to own the resource in full, as an
    /// administrator of a namespace does.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: operator
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [roles, rolebindings]
    ///   verbs: ["*"]
    /// #         ^^^ ClusterRole `operator` grants every verb (`*`) on `roles` and `rolebindings`
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: operator
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [services, pods]
    ///   verbs: ["*"]
    /// #         ^^^ Role `shop/operator` grants every verb (`*`) on `pods`
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: operator
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [roles, rolebindings]
    ///   verbs: [get, list, watch]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-wildcard-verb",
        summary: "role grants every verb on a sensitive resource",
        remedy: "List the verbs that are needed.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &[
            "trivy:KSV-0045",
            "kube-linter:wildcard-in-rules",
            "checkov:CKV_K8S_49",
            "kics:rbac_wildcard_in_rule",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(role) = Role::of(view) else { return };
    for rule in role.rules() {
        let Some((Wildcard::Verb, (_, node))) = rule.wildcard() else { continue };
        let resources = listed(SENSITIVE.resources_of(rule).map(|(word, _)| word));
        let message = format!("{} grants every verb (`*`) on {resources}", view.display());
        let severity = out.rule().severity.lowered(usize::from(!role.is_cluster));
        out.report(node.span(), message).severity(severity).field("rules").evidence(resources);
    }
}
