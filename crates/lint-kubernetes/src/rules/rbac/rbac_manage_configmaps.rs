use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// What applications read from ConfigMaps decides what they do: addresses, scripts, feature
    /// switches. Most controllers write a ConfigMap, for a lock or a status, so the rule is off:
    /// select it for a review of who may. A rule that is narrowed by `resourceNames` is not
    /// reported.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: controller
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [configmaps]
    /// #             ^^^^^^^^^^ ClusterRole `controller` can `update` `configmaps`
    ///   verbs: [get, update]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: controller
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [configmaps]
    ///   resourceNames: [controller-lock]
    ///   verbs: [get, update]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-manage-configmaps",
        summary: "role can write ConfigMaps",
        remedy: "Name the ConfigMaps in `resourceNames`, or use a Lease for a lock.",
        severity: Low,
        check: Check::Kind(ROLES, check),
        peers: &["trivy:KSV-0049"],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        default: false,
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/rbac/"],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("", &["configmaps"])],
    verbs: &["create", "update", "patch", "delete", "deletecollection"],
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}
