use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// A change of a workload is a change of its image, its command and its service account, so
    /// whoever can update Deployments runs code with the rights of all of them; deleting them is an
    /// outage. Deployment tools and operators are made for that, so the rule is off: select it for
    /// a review of who may.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: restarter
    /// rules:
    /// - apiGroups: [apps]
    ///   resources: [deployments, statefulsets]
    /// #             ^^^^^^^^^^^ ClusterRole `restarter` can `patch` `deployments` and `statefulsets`
    ///   verbs: [get, patch]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: restarter
    /// rules:
    /// - apiGroups: [apps]
    ///   resources: [deployments]
    ///   verbs: [get, list]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-modify-workloads",
        summary: "role can change or delete workloads",
        remedy: "Drop the verbs that write unless running workloads is the holder's task.",
        severity: Low,
        check: Check::Kind(ROLES, check),
        peers: &["trivy:KSV-0048", "kubescape:C-0007"],
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
    ],
    verbs: &["update", "patch", "delete", "deletecollection"],
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
