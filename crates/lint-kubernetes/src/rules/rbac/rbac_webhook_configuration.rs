use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// Admission webhooks see every object that is written, Secrets too, and may change it or let
    /// it pass: whoever can write their configuration puts a server of its own there, or switches
    /// off the policies that others rely on. An operator that keeps a certificate in its own
    /// configuration needs `update` on that one by `resourceNames`, which is not reported.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: injector
    /// rules:
    /// - apiGroups: [admissionregistration.k8s.io]
    ///   resources: [mutatingwebhookconfigurations]
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ClusterRole `injector` can `patch` `mutatingwebhookconfigurations`
    ///   verbs: [get, patch]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: injector
    /// rules:
    /// - apiGroups: [admissionregistration.k8s.io]
    ///   resources: [mutatingwebhookconfigurations]
    ///   resourceNames: [injector]
    ///   verbs: [get, patch]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-webhook-configuration",
        summary: "role can change admission webhooks",
        remedy: "Name the configuration in `resourceNames`, or remove the verbs that write.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &["checkov:CKV_K8S_155", "trivy:KSV-0114", "kubescape:C-0281"],
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
    resources: &[(
        "admissionregistration.k8s.io",
        &["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
    )],
    verbs: &["create", "update", "patch", "delete", "deletecollection"],
    cluster_scoped: true,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
