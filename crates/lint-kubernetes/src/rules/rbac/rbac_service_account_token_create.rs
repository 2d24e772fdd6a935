use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// A token for a service account is the account: whoever can make one has all its rights, and
    /// in a ClusterRole there is always an account that is an administrator. It is fine for the
    /// account's own token, by `resourceNames`, as secret stores and cloud identity tools use it; a
    /// rule that is narrowed so is not reported.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: issuer
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [serviceaccounts/token]
    /// #             ^^^^^^^^^^^^^^^^^^^^^ ClusterRole `issuer` can `create` `serviceaccounts/token`
    ///   verbs: [create]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: issuer
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [serviceaccounts/token]
    ///   resourceNames: [web]
    ///   verbs: [create]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-service-account-token-create",
        summary: "role can make tokens of service accounts",
        remedy: "Name the service accounts in `resourceNames`, or remove `serviceaccounts/token`.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &["kubescape:C-0282"],
        security: true,
        cwe: &[269, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("", &["serviceaccounts/token"])],
    verbs: &["create"],
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
