//! Which kinds live in a namespace, as `k8s-openapi` has it in its types.

use std::collections::HashMap;
use std::sync::LazyLock;

use k8s_openapi::api::{
    admissionregistration::v1 as admission, apps::v1 as apps, autoscaling::v2 as autoscaling,
    batch::v1 as batch, certificates::v1 as certificates, coordination::v1 as coordination,
    core::v1 as core, discovery::v1 as discovery, events::v1 as events,
    flowcontrol::v1 as flowcontrol, networking::v1 as networking, node::v1 as node,
    policy::v1 as policy, rbac::v1 as rbac, resource::v1 as resource, scheduling::v1 as scheduling,
    storage::v1 as storage,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1 as apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1 as apiregistration;
use k8s_openapi::{ClusterResourceScope, NamespaceResourceScope, Resource};

type Row = ((&'static str, &'static str), bool);

/// The compiler checks that the kind lives in a namespace.
const fn inside<T: Resource<Scope = NamespaceResourceScope>>() -> Row {
    ((T::GROUP, T::KIND), true)
}

/// The compiler checks that the kind belongs to the cluster.
const fn outside<T: Resource<Scope = ClusterResourceScope>>() -> Row {
    ((T::GROUP, T::KIND), false)
}

const ROWS: &[Row] = &[
    inside::<core::ConfigMap>(),
    inside::<core::Endpoints>(),
    inside::<core::Event>(),
    inside::<core::LimitRange>(),
    inside::<core::PersistentVolumeClaim>(),
    inside::<core::Pod>(),
    inside::<core::PodTemplate>(),
    inside::<core::ReplicationController>(),
    inside::<core::ResourceQuota>(),
    inside::<core::Secret>(),
    inside::<core::Service>(),
    inside::<core::ServiceAccount>(),
    outside::<core::Namespace>(),
    outside::<core::Node>(),
    outside::<core::PersistentVolume>(),
    inside::<apps::ControllerRevision>(),
    inside::<apps::DaemonSet>(),
    inside::<apps::Deployment>(),
    inside::<apps::ReplicaSet>(),
    inside::<apps::StatefulSet>(),
    inside::<autoscaling::HorizontalPodAutoscaler>(),
    inside::<batch::CronJob>(),
    inside::<batch::Job>(),
    inside::<coordination::Lease>(),
    inside::<discovery::EndpointSlice>(),
    inside::<events::Event>(),
    inside::<networking::Ingress>(),
    inside::<networking::NetworkPolicy>(),
    outside::<networking::IPAddress>(),
    outside::<networking::IngressClass>(),
    outside::<networking::ServiceCIDR>(),
    inside::<policy::PodDisruptionBudget>(),
    inside::<rbac::Role>(),
    inside::<rbac::RoleBinding>(),
    outside::<rbac::ClusterRole>(),
    outside::<rbac::ClusterRoleBinding>(),
    inside::<resource::ResourceClaim>(),
    inside::<resource::ResourceClaimTemplate>(),
    outside::<resource::DeviceClass>(),
    outside::<resource::ResourceSlice>(),
    inside::<storage::CSIStorageCapacity>(),
    outside::<storage::CSIDriver>(),
    outside::<storage::CSINode>(),
    outside::<storage::StorageClass>(),
    outside::<storage::VolumeAttachment>(),
    outside::<storage::VolumeAttributesClass>(),
    outside::<admission::MutatingWebhookConfiguration>(),
    outside::<admission::ValidatingAdmissionPolicy>(),
    outside::<admission::ValidatingAdmissionPolicyBinding>(),
    outside::<admission::ValidatingWebhookConfiguration>(),
    outside::<apiextensions::CustomResourceDefinition>(),
    outside::<apiregistration::APIService>(),
    outside::<certificates::CertificateSigningRequest>(),
    outside::<flowcontrol::FlowSchema>(),
    outside::<flowcontrol::PriorityLevelConfiguration>(),
    outside::<node::RuntimeClass>(),
    outside::<scheduling::PriorityClass>(),
];

static SCOPES: LazyLock<HashMap<(&str, &str), bool>> =
    LazyLock::new(|| ROWS.iter().copied().collect());

/// Whether objects of the kind live in a namespace; none where the kind is not a built-in one.
/// The core group is empty.
#[must_use]
pub fn is_namespaced(group: &str, kind: &str) -> Option<bool> {
    SCOPES.get(&(group, kind)).copied()
}

#[cfg(test)]
mod tests {
    use super::{ROWS, is_namespaced};
    use crate::schema;

    #[test]
    fn kinds_are_told_apart() {
        assert_eq!(is_namespaced("", "Pod"), Some(true));
        assert_eq!(is_namespaced("rbac.authorization.k8s.io", "ClusterRole"), Some(false));
        assert_eq!(is_namespaced("", "ClusterRole"), None);
    }

    #[test]
    fn every_row_is_a_kind_of_the_table() {
        for ((group, kind), _) in ROWS {
            assert!(schema::kinds_of(group).any(|served| served.kind == *kind), "{group} {kind}");
        }
    }
}
