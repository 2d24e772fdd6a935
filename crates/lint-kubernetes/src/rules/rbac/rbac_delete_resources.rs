use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// What can be deleted by mistake or by an intruder is an outage, and with volumes and
    /// namespaces a loss of data. Most tools that write objects need to delete them too, so the
    /// rule is off: select it for a review of who may.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: cleaner
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods/log, persistentvolumeclaims]
    /// #                       ^^^^^^^^^^^^^^^^^^^^^^ ClusterRole `cleaner` can `delete` `persistentvolumeclaims`
    ///   verbs: [get, delete]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: cleaner
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [persistentvolumeclaims]
    ///   verbs: [get, list]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-delete-resources",
        summary: "role can delete workloads, storage or configuration",
        remedy: "Drop `delete` and `deletecollection` where nothing is to be removed.",
        severity: Info,
        check: Check::Kind(ROLES, check),
        peers: &["kubescape:C-0007"],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        default: false,
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[
        ("", &["pods", "replicationcontrollers", "podtemplates"]),
        ("apps", &["deployments", "daemonsets", "statefulsets", "replicasets"]),
        ("extensions", &["deployments", "daemonsets", "replicasets"]),
        ("batch", &["jobs", "cronjobs"]),
        (
            "",
            &[
                "namespaces",
                "services",
                "configmaps",
                "secrets",
                "persistentvolumes",
                "persistentvolumeclaims",
                "serviceaccounts",
                "nodes",
            ],
        ),
    ],
    verbs: &["delete", "deletecollection"],
    any_verb: false,
    milder: 0,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
