use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// The nodes send all traffic to an address in the status of a Service to that Service, whoever
    /// the address belongs to (CVE-2020-8554): whoever can write the status reads what pods send to
    /// any address outside. Only the controller that makes load balancers needs it.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: balancer
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [services, services/status]
    /// #                       ^^^^^^^^^^^^^^^ ClusterRole `balancer` can `patch` `services/status`
    ///   verbs: [get, patch]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: balancer
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [services, services/status]
    ///   verbs: [get, list]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-modify-service-status",
        summary: "role can take over traffic by the status of services",
        remedy: "Remove `services/status` unless the holder makes load balancers.",
        severity: Medium,
        check: Check::Kind(ROLES, check),
        peers: &["checkov:CKV2_K8S_4"],
        security: true,
        cwe: &[441, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://nvd.nist.gov/vuln/detail/CVE-2020-8554",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("", &["services/status"])],
    verbs: &["update", "patch"],
    milder: 0,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
