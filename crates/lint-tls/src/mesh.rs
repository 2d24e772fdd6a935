//! Istio: what its Gateways serve with which credentials, how its DestinationRules speak TLS, what
//! its PeerAuthentications ask for; and the CAs of Istio and Linkerd.

mod authority;
mod credential;
mod destination;
mod home;
mod peer;
mod server;

pub(crate) use authority::{Mesh, MeshCertificate, Part, mesh_certificates};
pub(crate) use credential::Credentials;
pub(crate) use destination::{Host, TlsSettings, destination_rules, host, tls_settings};
pub(crate) use home::Homes;
pub(crate) use peer::Peers;
pub(crate) use server::{Server, gateways, servers};

/// The group of Gateways, DestinationRules and the like.
pub(crate) const NETWORKING: &str = "networking.istio.io";
/// The group of PeerAuthentications.
pub(crate) const SECURITY: &str = "security.istio.io";
/// The namespace whose objects hold for the whole mesh, unless the mesh is told otherwise.
pub(crate) const ROOT: &str = "istio-system";
