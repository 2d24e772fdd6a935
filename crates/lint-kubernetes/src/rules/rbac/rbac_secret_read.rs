use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// Whoever can read Secrets has every password, key and service account token in them, and with
    /// the tokens the rights of those accounts; `list` and `watch` show the contents as `get` does.
    /// In a ClusterRole it may be all Secrets of the cluster. Ingress controllers, certificate and
    /// backup tools need it; an application needs its own Secrets only, best mounted, or read by
    /// name with `resourceNames`, which is not reported.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: reader
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [configmaps, secrets]
    /// #                         ^^^^^^^ ClusterRole `reader` can `get` and `list` `secrets`
    ///   verbs: [get, list]
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: reader
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [secrets]
    /// #             ^^^^^^^ Role `shop/reader` can do everything (`*`) with `secrets`
    ///   verbs: ["*"]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: reader
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [secrets]
    ///   resourceNames: [web-tls]
    ///   verbs: [get]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-secret-read",
        summary: "role can read Secrets",
        remedy: "Mount the Secrets, or name them in `resourceNames` with the verb `get`.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &[
            "kube-linter:access-to-secrets",
            "checkov:CKV2_K8S_5",
            "trivy:KSV-0041",
            "trivy:KSV-0113",
            "kubescape:C-0015",
            "kubescape:C-0186",
            "kics:rbac_roles_with_read_secrets_permissions",
            "kics:service_account_allows_access_secrets",
        ],
        security: true,
        cwe: &[200, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("", &["secrets"])],
    verbs: &["get", "list", "watch"],
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
