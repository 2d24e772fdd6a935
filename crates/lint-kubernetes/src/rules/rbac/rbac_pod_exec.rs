use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// A shell in a running container has its environment, its files and its service account token;
    /// in a ClusterRole that may be every pod, also those of the system. The verb `get` is enough,
    /// because a websocket starts with it. Pipelines that run commands in pods can run a Job
    /// instead; for people on call, grant it in a namespace and for a time.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: debugger
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods, pods/exec]
    /// #                   ^^^^^^^^^ ClusterRole `debugger` can `get` and `create` `pods/exec`
    ///   verbs: [get, create]
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: debugger
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods/exec]
    /// #             ^^^^^^^^^ Role `shop/debugger` can `create` `pods/exec`
    ///   verbs: [create]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: debugger
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods, pods/log]
    ///   verbs: [get, list]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: migrator
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods/exec]
    ///   resourceNames: [db-0]
    ///   verbs: [create]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-pod-exec",
        summary: "role can run commands in pods",
        remedy: "Remove `pods/exec`, or grant it in one namespace only.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &[
            "polaris:clusterrolePodExecAttach",
            "polaris:rolePodExecAttach",
            "polaris:clusterrolebindingPodExecAttach",
            "polaris:rolebindingClusterRolePodExecAttach",
            "polaris:rolebindingRolePodExecAttach",
            "checkov:CKV2_K8S_2",
            "trivy:KSV-0053",
            "kubescape:C-0002",
            "kics:rbac_roles_with_exec_permission",
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
    resources: &[("", &["pods/exec"])],
    verbs: &["create", "get"],
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
