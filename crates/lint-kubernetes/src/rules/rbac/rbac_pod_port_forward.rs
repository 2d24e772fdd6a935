use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// A forwarded port reaches whatever listens in the pod, past NetworkPolicies, Ingress and all
    /// authentication that stands there: databases and admin pages that trust their own pod. It is
    /// fine for developers in a namespace of their own.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: developer
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods/portforward]
    /// #             ^^^^^^^^^^^^^^^^ ClusterRole `developer` can `create` `pods/portforward`
    ///   verbs: [create]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: developer
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods]
    ///   verbs: [get, list]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-pod-port-forward",
        summary: "role can forward ports of pods",
        remedy: "Remove `pods/portforward`, or grant it in one namespace only.",
        severity: Medium,
        check: Check::Kind(ROLES, check),
        peers: &["kubescape:C-0063", "kics:rbac_roles_with_portforwarding_permissions"],
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

static CAPABILITY: Capability = Capability {
    resources: &[("", &["pods/portforward"])],
    verbs: &["create", "get"],
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
