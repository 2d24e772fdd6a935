use std::sync::Arc;

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::rbac::{Capability, GROUP, ROLES, Role, everything};

rule! {
    /// A role that can make bindings and has `bind` on every role lets its holder give any right to
    /// anybody, itself included: `cluster-admin` in two requests, or the whole namespace in a Role.
    /// Without `bind` the API server allows only what the holder has already, which is fine, as is
    /// a `bind` that lists its roles in `resourceNames`.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: provisioner
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [rolebindings]
    /// #             ^^^^^^^^^^^^ ClusterRole `provisioner` can `create` `rolebindings` and bind any role
    ///   verbs: [create]
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [clusterroles]
    ///   verbs: [bind]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: provisioner
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [rolebindings]
    ///   verbs: [create]
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [clusterroles]
    ///   resourceNames: [edit, view]
    ///   verbs: [bind]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-create-role-binding",
        summary: "role can give any role to anybody",
        remedy: "List the roles that may be bound in `resourceNames` of the rule with `bind`.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &["trivy:KSV-0051", "trivy:KSV-0052"],
        security: true,
        cwe: &[269, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping",
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
        ],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[(GROUP, &["rolebindings", "clusterrolebindings"])],
    verbs: &["create"],
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut bind = None;
    for grant in CAPABILITY.of(view) {
        let found = *bind.get_or_insert_with(|| binds(grant.role));
        let Some(node) = found else { return };
        let source = Arc::clone(out.source());
        let finding = grant.report(out);
        finding.message.push_str(" and bind any role");
        finding.related(&source, node.span(), "every role may be bound");
    }
}

/// Where a role allows to bind every role, other than by granting everything.
fn binds(role: Role<'_>) -> Option<Node<'_>> {
    if everything(role).is_some() {
        return None;
    }
    let mut found = role.rules().filter_map(|rule| {
        let cluster = rule.grants(GROUP, "clusterroles", &["bind"]);
        cluster.or_else(|| rule.grants(GROUP, "roles", &["bind"]))
    });
    found.next().map(|(_, node)| node)
}
