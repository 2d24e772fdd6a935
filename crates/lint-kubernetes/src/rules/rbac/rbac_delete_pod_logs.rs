use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// The API server has no request that deletes a pod's log, so the right does nothing today; it
    /// shows a list of verbs that was copied without thought, and what deletes logs in truth is
    /// deleting the pod. Logs that must outlive an intruder are collected outside the cluster.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: logs
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods/log]
    /// #             ^^^^^^^^ ClusterRole `logs` can `delete` `pods/log`
    ///   verbs: [get, delete]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: logs
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods, pods/log]
    ///   verbs: [get, list]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-delete-pod-logs",
        summary: "role can delete logs of pods",
        remedy: "Grant `get` on `pods/log` only.",
        severity: Low,
        check: Check::Kind(ROLES, check),
        peers: &["trivy:KSV-0042"],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/rbac/"],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("", &["pods/log"])],
    verbs: &["delete", "deletecollection"],
    any_verb: false,
    milder: 0,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
