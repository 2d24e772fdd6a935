use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// Who attaches to a container reads what its process prints and writes to what it reads: a
    /// shell or a debugger that waits there is taken over. `pods/ephemeralcontainers` and
    /// `pods/exec` are asked for more often, but this is the same power. The verb `get` is enough,
    /// because a websocket starts with it. It is fine for people on call, in a namespace.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: debugger
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods/attach]
    /// #             ^^^^^^^^^^^ ClusterRole `debugger` can `create` `pods/attach`
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
    pub(crate) static RULE: Check = {
        id: "rbac-pod-attach",
        summary: "role can attach to pods",
        remedy: "Remove `pods/attach`, or grant it in one namespace only.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &[
            "polaris:clusterrolePodExecAttach",
            "polaris:rolePodExecAttach",
            "polaris:clusterrolebindingPodExecAttach",
            "polaris:rolebindingClusterRolePodExecAttach",
            "polaris:rolebindingRolePodExecAttach",
            "trivy:KSV-0054",
            "kics:rbac_roles_with_attach_permission",
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
    resources: &[("", &["pods/attach"])],
    verbs: &["create", "get"],
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
