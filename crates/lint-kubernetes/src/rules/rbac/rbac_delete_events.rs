use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// Events tell what happened to pods and nodes in the last hour; whoever can delete them hides
    /// what was done. The cluster removes old ones by itself, so that almost nothing needs the
    /// right.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: agent
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [events]
    /// #             ^^^^^^ ClusterRole `agent` can `delete` `events`
    ///   verbs: [create, delete]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: agent
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [events]
    ///   verbs: [create, patch]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-delete-events",
        summary: "role can delete events",
        remedy: "Drop `delete` and `deletecollection` on `events`.",
        severity: Low,
        check: Check::Kind(ROLES, check),
        peers: &["kubescape:C-0031"],
        security: true,
        cwe: &[778, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/rbac/"],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("", &["events"]), ("events.k8s.io", &["events"])],
    verbs: &["delete", "deletecollection"],
    milder: 0,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
