use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, GROUP, ROLES};

rule! {
    /// Whoever can change a binding adds members to it: others get the rights that the holder has,
    /// without whoever gives out rights knowing. The API server refuses bindings of more than that,
    /// unless the holder may `bind` too. It is fine for a tool that is meant to manage membership.
    /// The verb `*` is left to `rbac-wildcard-verb`.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: team-lead
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [rolebindings]
    /// #             ^^^^^^^^^^^^ Role `shop/team-lead` can `patch` `rolebindings`
    ///   verbs: [get, patch]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: team-lead
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [rolebindings]
    ///   verbs: [get, list]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-patch-role-binding",
        summary: "role can change who is bound to a role",
        remedy: "Drop `patch` and `update` on bindings unless managing membership is the holder's task.",
        severity: Medium,
        check: Check::Kind(ROLES, check),
        peers: &["trivy:KSV-0055"],
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
    verbs: &["patch", "update"],
    any_verb: false,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
