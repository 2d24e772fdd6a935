use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// On EKS the ConfigMap `aws-auth` says which cloud identities are which users and groups: one
    /// line more makes anybody a member of `system:masters`. It is fine for the pipeline that makes
    /// the cluster; newer clusters have access entries instead.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: joiner
    ///   namespace: kube-system
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [configmaps]
    /// #             ^^^^^^^^^^ Role `kube-system/joiner` can `patch` `configmaps` named `aws-auth`
    ///   resourceNames: [aws-auth]
    ///   verbs: [get, patch]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: joiner
    ///   namespace: kube-system
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [configmaps]
    ///   resourceNames: [aws-auth]
    ///   verbs: [get]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-eks-aws-auth-write",
        summary: "role can change who EKS lets in",
        remedy: "Remove the verbs that write `aws-auth`; use EKS access entries.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &["trivy:KSV-0115"],
        security: true,
        cwe: &[269, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("", &["configmaps"])],
    verbs: &["create", "update", "patch", "delete"],
    narrowed: true,
    milder: 0,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    for grant in CAPABILITY.of(view) {
        if grant.rule.names().any(|(name, _)| name == "aws-auth") {
            grant.report(out);
        }
    }
}
