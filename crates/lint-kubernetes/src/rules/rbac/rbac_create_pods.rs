use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// Whoever can make pods in a namespace can run them as every service account of it, and mount
    /// every Secret and volume: the right is as much as all of those together, and where no Pod
    /// Security level forbids privileged pods, it is the node. Deployment pipelines, job schedulers
    /// and operators need it; then the namespace should hold nothing else, and have the Pod
    /// Security level `restricted` or `baseline`.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: runner
    /// rules:
    /// - apiGroups: [batch]
    ///   resources: [jobs]
    /// #             ^^^^ ClusterRole `runner` can `create` `jobs`
    ///   verbs: [create, get]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: runner
    /// rules:
    /// - apiGroups: [batch]
    ///   resources: [jobs]
    ///   verbs: [get, list]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-create-pods",
        summary: "role can make pods",
        remedy: "Drop `create` on pods and workloads unless making them is the holder's task.",
        severity: Low,
        check: Check::Kind(ROLES, check),
        peers: &[
            "kube-linter:access-to-create-pods",
            "trivy:KSV-0048",
            "kubescape:C-0188",
            "kics:permissive_access_to_create_pods",
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

static CAPABILITY: Capability = Capability {
    resources: &[
        ("", &["pods", "replicationcontrollers", "podtemplates"]),
        ("apps", &["deployments", "daemonsets", "statefulsets", "replicasets"]),
        ("extensions", &["deployments", "daemonsets", "replicasets"]),
        ("batch", &["jobs", "cronjobs"]),
    ],
    verbs: &["create"],
    milder: 0,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
