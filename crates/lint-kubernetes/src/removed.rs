//! Versions of the Kubernetes API that are gone.

/// What became of a kind in one version of its group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Removed {
    /// `apiVersion` as written in old manifests.
    pub(crate) api_version: &'static str,
    /// Its kinds; empty for all kinds of that version.
    pub(crate) kinds: &'static [&'static str],
    /// The minor version of Kubernetes 1 that no longer serves it.
    pub(crate) gone: u8,
    /// The `apiVersion` to use; none where the kind has no successor.
    pub(crate) successor: Option<&'static str>,
    /// Whether the manifest stays valid when only `apiVersion` changes.
    pub(crate) same_schema: bool,
}

const fn row(
    api_version: &'static str,
    kinds: &'static [&'static str],
    gone: u8,
    successor: &'static str,
    same_schema: bool,
) -> Removed {
    Removed { api_version, kinds, gone, successor: Some(successor), same_schema }
}

const fn ended(api_version: &'static str, kinds: &'static [&'static str], gone: u8) -> Removed {
    Removed { api_version, kinds, gone, successor: None, same_schema: false }
}

/// The removals of the deprecation guide, newest first.
const TABLE: &[Removed] = &[
    row("flowcontrol.apiserver.k8s.io/v1beta3", &[], 32, "flowcontrol.apiserver.k8s.io/v1", false),
    row("flowcontrol.apiserver.k8s.io/v1beta2", &[], 29, "flowcontrol.apiserver.k8s.io/v1", false),
    row("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], 27, "storage.k8s.io/v1", true),
    row("autoscaling/v2beta2", &["HorizontalPodAutoscaler"], 26, "autoscaling/v2", true),
    row("flowcontrol.apiserver.k8s.io/v1beta1", &[], 26, "flowcontrol.apiserver.k8s.io/v1", false),
    row("autoscaling/v2beta1", &["HorizontalPodAutoscaler"], 25, "autoscaling/v2", false),
    row("batch/v1beta1", &["CronJob"], 25, "batch/v1", true),
    row("discovery.k8s.io/v1beta1", &["EndpointSlice"], 25, "discovery.k8s.io/v1", false),
    row("events.k8s.io/v1beta1", &["Event"], 25, "events.k8s.io/v1", false),
    row("node.k8s.io/v1beta1", &["RuntimeClass"], 25, "node.k8s.io/v1", true),
    row("policy/v1beta1", &["PodDisruptionBudget"], 25, "policy/v1", true),
    ended("policy/v1beta1", &["PodSecurityPolicy"], 25),
    row(
        "admissionregistration.k8s.io/v1beta1",
        WEBHOOKS,
        22,
        "admissionregistration.k8s.io/v1",
        false,
    ),
    row(
        "apiextensions.k8s.io/v1beta1",
        &["CustomResourceDefinition"],
        22,
        "apiextensions.k8s.io/v1",
        false,
    ),
    row("apiregistration.k8s.io/v1beta1", &["APIService"], 22, "apiregistration.k8s.io/v1", true),
    row("authentication.k8s.io/v1beta1", &["TokenReview"], 22, "authentication.k8s.io/v1", true),
    row("authorization.k8s.io/v1beta1", &[], 22, "authorization.k8s.io/v1", false),
    row(
        "certificates.k8s.io/v1beta1",
        &["CertificateSigningRequest"],
        22,
        "certificates.k8s.io/v1",
        false,
    ),
    row("coordination.k8s.io/v1beta1", &["Lease"], 22, "coordination.k8s.io/v1", true),
    row("extensions/v1beta1", &["Ingress"], 22, "networking.k8s.io/v1", false),
    row("networking.k8s.io/v1beta1", &["Ingress"], 22, "networking.k8s.io/v1", false),
    row("networking.k8s.io/v1beta1", &["IngressClass"], 22, "networking.k8s.io/v1", true),
    row("rbac.authorization.k8s.io/v1beta1", ROLES, 22, "rbac.authorization.k8s.io/v1", true),
    row("rbac.authorization.k8s.io/v1alpha1", ROLES, 22, "rbac.authorization.k8s.io/v1", false),
    row("scheduling.k8s.io/v1beta1", &["PriorityClass"], 22, "scheduling.k8s.io/v1", true),
    row("storage.k8s.io/v1beta1", STORAGE, 22, "storage.k8s.io/v1", true),
    row("apps/v1beta1", WORKLOADS, 16, "apps/v1", false),
    row("apps/v1beta2", WORKLOADS, 16, "apps/v1", false),
    row("extensions/v1beta1", WORKLOADS, 16, "apps/v1", false),
    row("extensions/v1beta1", &["NetworkPolicy"], 16, "networking.k8s.io/v1", true),
    ended("extensions/v1beta1", &["PodSecurityPolicy"], 16),
    row("batch/v2alpha1", &["CronJob"], 21, "batch/v1", true),
];

const WEBHOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const ROLES: &[&str] = &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const STORAGE: &[&str] = &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"];
const WORKLOADS: &[&str] = &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"];

/// The row of a kind that no supported version of Kubernetes serves.
pub(crate) fn removed(api_version: &str, kind: &str) -> Option<&'static Removed> {
    TABLE.iter().find(|row| {
        row.api_version == api_version && (row.kinds.is_empty() || row.kinds.contains(&kind))
    })
}

#[cfg(test)]
mod tests {
    use super::{TABLE, removed};

    #[test]
    fn successors_are_not_gone_themselves() {
        for row in TABLE {
            let kinds = if row.kinds.is_empty() { &[""] } else { row.kinds };
            for kind in kinds {
                let successor = row.successor.and_then(|successor| removed(successor, kind));
                assert!(successor.is_none(), "{row:?}");
            }
        }
    }

    #[test]
    fn kinds_are_told_apart() {
        assert_eq!(removed("extensions/v1beta1", "Ingress").unwrap().gone, 22);
        assert_eq!(removed("extensions/v1beta1", "Deployment").unwrap().gone, 16);
        assert!(removed("networking.k8s.io/v1", "Ingress").is_none());
        assert!(removed("storage.k8s.io/v1beta1", "VolumeAttributesClass").is_none());
        assert!(removed("example.com/v1beta1", "Ingress").is_none());
    }
}
