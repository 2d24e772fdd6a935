//! The built-in kinds, read into `k8s-openapi` types.
//!
//! Reading says which fields the API does not know and which values have a type the API server
//! refuses, each with its exact place. `k8s-openapi` is built for one version of Kubernetes, the
//! newest it has: fields are never removed from a version of the API, so that older clusters know
//! fewer fields, not others.

mod probe;
mod shapes;

use careen_text::Span;
use careen_yaml::Node;
use careen_yaml::de::{Typed, from_node};
use k8s_openapi::api::{
    apps::v1 as apps, autoscaling::v2 as autoscaling, batch::v1 as batch, core::v1 as core,
    networking::v1 as networking, policy::v1 as policy, rbac::v1 as rbac,
};
use serde::de::DeserializeOwned;

use crate::object::Object;
use crate::view::ObjectView;

/// What came of reading an object into its type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeReport {
    /// Fields the kind does not have.
    pub unknown: Vec<UnknownField>,
    /// Values the API server refuses, with a fragment such as "expected i32, found a string".
    /// Reading stops at the first one, and what stands after it was not looked at.
    pub errors: Vec<(Span, String)>,
}

/// A field the kind does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownField {
    /// Path in the object, such as `spec.containers[0].imagePullpolicy`.
    pub path: String,
    /// The key.
    pub span: Span,
    /// The fields there are in its place, for a "did you mean".
    pub known: &'static [&'static str],
}

/// Unknown fields of one object that are reported.
const UNKNOWN: usize = 1000;

/// What reading left behind: unknown fields and errors, without the value.
type Remarks = (Vec<(String, Span)>, Vec<(Span, String)>);

/// How one kind is read.
struct Reader {
    read: fn(Node<'_>) -> Remarks,
    fields: fn(&str) -> &'static [&'static str],
}

const fn reader<T: DeserializeOwned>() -> Reader {
    Reader { read: read::<T>, fields: probe::fields::<T> }
}

fn read<T: DeserializeOwned>(node: Node<'_>) -> Remarks {
    let Typed { unknown, errors, .. } = from_node::<T>(node);
    (unknown, errors)
}

/// The size of a request that etcd takes by default, in bytes. No API server stores a larger
/// object, and its types would take a hundred times that memory.
const LARGEST: u32 = 3 << 19;

/// Checks an object of a built-in kind; none for every other kind and version, and for objects
/// of more than 1.5 MiB.
#[must_use]
pub fn check(view: ObjectView<'_>) -> Option<TypeReport> {
    let reader = reader_of(view.object)?;
    if view.root().definition_span().len() > LARGEST {
        return None;
    }
    let (unknown, errors) = (reader.read)(view.root());
    let unknown = unknown.into_iter().take(UNKNOWN).map(|(path, span)| {
        let known = (reader.fields)(&path);
        UnknownField { path, span, known }
    });
    let errors = errors.into_iter().filter_map(|(span, message)| Some((span, worded(message)?)));
    Some(TypeReport { unknown: unknown.collect(), errors: errors.collect() })
}

/// Whether [`check`] knows the object's kind and version.
#[must_use]
pub fn is_known(object: &Object) -> bool {
    reader_of(object).is_some()
}

/// Go reads `null` as the empty value everywhere, so that it is no error; and a message that comes
/// from a type's own parser may repeat the value, so that it is replaced.
fn worded(message: String) -> Option<String> {
    if message.ends_with(", found null") {
        return None;
    }
    let ours = ["expected ", "values are nested", "aliases expand", "the alias"];
    let safe = ours.iter().any(|start| message.starts_with(start));
    Some(if safe { message } else { "the value does not have the form its type asks for".into() })
}

fn reader_of(object: &Object) -> Option<Reader> {
    Some(match (&*object.api_version, &*object.kind) {
        ("v1", "Pod") => reader::<core::Pod>(),
        ("v1", "PodTemplate") => reader::<core::PodTemplate>(),
        ("v1", "ReplicationController") => reader::<core::ReplicationController>(),
        ("v1", "Service") => reader::<core::Service>(),
        ("v1", "ConfigMap") => reader::<shapes::ConfigMap>(),
        ("v1", "Secret") => reader::<shapes::Secret>(),
        ("v1", "Namespace") => reader::<core::Namespace>(),
        ("v1", "ServiceAccount") => reader::<core::ServiceAccount>(),
        ("v1", "PersistentVolumeClaim") => reader::<core::PersistentVolumeClaim>(),
        ("v1", "PersistentVolume") => reader::<core::PersistentVolume>(),
        ("v1", "ResourceQuota") => reader::<core::ResourceQuota>(),
        ("v1", "LimitRange") => reader::<core::LimitRange>(),
        ("apps/v1", "Deployment") => reader::<apps::Deployment>(),
        ("apps/v1", "StatefulSet") => reader::<apps::StatefulSet>(),
        ("apps/v1", "DaemonSet") => reader::<apps::DaemonSet>(),
        ("apps/v1", "ReplicaSet") => reader::<apps::ReplicaSet>(),
        ("batch/v1", "Job") => reader::<batch::Job>(),
        ("batch/v1", "CronJob") => reader::<batch::CronJob>(),
        ("networking.k8s.io/v1", "Ingress") => reader::<networking::Ingress>(),
        ("networking.k8s.io/v1", "IngressClass") => reader::<networking::IngressClass>(),
        ("networking.k8s.io/v1", "NetworkPolicy") => reader::<networking::NetworkPolicy>(),
        ("policy/v1", "PodDisruptionBudget") => reader::<policy::PodDisruptionBudget>(),
        ("autoscaling/v2", "HorizontalPodAutoscaler") => {
            reader::<autoscaling::HorizontalPodAutoscaler>()
        }
        ("rbac.authorization.k8s.io/v1", "Role") => reader::<rbac::Role>(),
        ("rbac.authorization.k8s.io/v1", "RoleBinding") => reader::<rbac::RoleBinding>(),
        ("rbac.authorization.k8s.io/v1", "ClusterRole") => reader::<rbac::ClusterRole>(),
        ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding") => {
            reader::<rbac::ClusterRoleBinding>()
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
