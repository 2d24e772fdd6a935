//! Gateway API: listeners with their hosts, modes and certificates, and the routes that attach to
//! them.
//!
//! Only what the rules about TLS ask for: whether parents, namespaces and grants are right is
//! judged by the linter of manifests. What leads to other groups and kinds than the standard ones
//! is passed over.

mod attach;
mod backend;
pub(crate) mod hosts;
mod listener;

use careen_kube_model::ObjectView;
use careen_model::{ObjectRef, Snapshot};

pub(crate) use attach::{Attached, attached, hostnames};
pub(crate) use backend::{Authority, authorities, backend_certificates, backend_policies, targets};
pub(crate) use listener::{Listener, listeners};

/// The API group.
pub(crate) const GROUP: &str = "gateway.networking.k8s.io";
/// The group of what is still tried out.
const EXPERIMENTAL: &str = "gateway.networking.x-k8s.io";
/// The group of Envoy Gateway.
pub(crate) const ENVOY: &str = "gateway.envoyproxy.io";
/// The kinds that have listeners.
pub(crate) const LISTENING: [&str; 3] = ["Gateway", "ListenerSet", "XListenerSet"];

/// Whether an object of one of the [`LISTENING`] kinds is the one of the Gateway API.
pub(crate) fn is_listening(view: ObjectView<'_>) -> bool {
    matches!(view.group(), GROUP | EXPERIMENTAL)
}

/// The Gateways and sets of listeners.
pub(crate) fn gateways(snapshot: &Snapshot) -> impl Iterator<Item = ObjectRef<'_>> {
    LISTENING
        .into_iter()
        .flat_map(|kind| snapshot.of_kind(kind))
        .filter(|object| is_listening(object.view))
}
