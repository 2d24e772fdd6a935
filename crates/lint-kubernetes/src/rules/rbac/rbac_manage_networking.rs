use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// Services, endpoints, routes and network policies decide who talks to whom: whoever can write
    /// them sends the requests of an application elsewhere, or opens what was closed. Ingress and
    /// service mesh controllers and deployment tools are made for that, so the rule is off: select
    /// it for a review of who may.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: router
    /// rules:
    /// - apiGroups: [networking.k8s.io]
    ///   resources: [ingresses, networkpolicies]
    /// #             ^^^^^^^^^ ClusterRole `router` can `update` `ingresses` and `networkpolicies`
    ///   verbs: [update]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: router
    /// rules:
    /// - apiGroups: [networking.k8s.io]
    ///   resources: [ingresses]
    ///   verbs: [get, list]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-manage-networking",
        summary: "role can change networking",
        remedy: "Drop the verbs that write unless routing traffic is the holder's task.",
        severity: Low,
        check: Check::Kind(ROLES, check),
        peers: &["trivy:KSV-0056"],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        default: false,
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/rbac/"],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[
        ("", &["services", "endpoints"]),
        ("discovery.k8s.io", &["endpointslices"]),
        ("networking.k8s.io", &["networkpolicies", "ingresses", "ingressclasses"]),
        ("extensions", &["ingresses", "networkpolicies"]),
        (
            "gateway.networking.k8s.io",
            &["gateways", "httproutes", "grpcroutes", "tlsroutes", "tcproutes", "udproutes"],
        ),
    ],
    verbs: &["create", "update", "patch", "delete", "deletecollection"],
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
