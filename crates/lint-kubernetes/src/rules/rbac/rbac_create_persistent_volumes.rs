use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES, Role};

rule! {
    /// A PersistentVolume may be a `hostPath`: whoever makes one, and a pod that claims it, has the
    /// files of the node, past every policy that forbids `hostPath` in pods. People should ask for
    /// volumes with claims; a CSI provisioner makes the volumes, and a role that also reads storage
    /// classes is taken for one and reported less severely.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: developer
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [persistentvolumes, persistentvolumeclaims]
    /// #             ^^^^^^^^^^^^^^^^^ ClusterRole `developer` can `create` `persistentvolumes`
    ///   verbs: [create]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: developer
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [persistentvolumeclaims]
    ///   verbs: [create]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-create-persistent-volumes",
        summary: "role can make PersistentVolumes",
        remedy: "Remove `create` on `persistentvolumes`; use a StorageClass and claims.",
        severity: Medium,
        check: Check::Kind(ROLES, check),
        peers: &["kubescape:C-0278"],
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
    resources: &[("", &["persistentvolumes"])],
    verbs: &["create"],
    cluster_scoped: true,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut provisions = None;
    for grant in CAPABILITY.of(view) {
        let is_provisioner = *provisions.get_or_insert_with(|| is_provisioner(grant.role));
        let finding = grant.report(out);
        if is_provisioner {
            finding.severity(Severity::Low);
        }
    }
}

fn is_provisioner(role: Role<'_>) -> bool {
    let mut rules = role.rules();
    rules.any(|rule| {
        rule.grants("storage.k8s.io", "storageclasses", &["get", "list", "watch"]).is_some()
    })
}
