//! Which Secrets the repository provides, one way or another.

use std::collections::BTreeSet;
use std::sync::Arc;

use careen_kube_model::{ObjectView, field};
use careen_model::{Snapshot, namespaces_agree};

use crate::ingress::{TlsEntry, is_ingress};

/// Annotations that make a controller create the Secrets an Ingress names.
const MAKES_SECRETS: &[&str] = &[
    "cert-manager.io/issuer",
    "cert-manager.io/cluster-issuer",
    "certmanager.k8s.io/issuer",
    "certmanager.k8s.io/cluster-issuer",
    "kubernetes.io/tls-acme",
    "cert.gardener.cloud/purpose",
];

/// Names that a Secret of the repository has or will have in a cluster.
#[derive(Debug, Default)]
pub(crate) struct Provided {
    /// Names that stand in objects whose controllers make Secrets, whatever their namespace.
    made: BTreeSet<String>,
    /// Written out Secrets: name and namespace.
    written: BTreeSet<(String, Option<String>)>,
}

impl Provided {
    /// Of a snapshot; made once for all who ask.
    pub(crate) fn of(snapshot: &Snapshot) -> Arc<Self> {
        snapshot.index(Self::build)
    }

    fn build(snapshot: &Snapshot) -> Self {
        let mut provided = Self::default();
        for object in snapshot.objects() {
            let view = object.view;
            if view.is("", "Secret") {
                let namespace = view.namespace().map(str::to_owned);
                provided.written.insert((view.name().to_owned(), namespace));
            } else if makes_secrets(view) {
                provided.made.insert(view.name().to_owned());
                let spec = view.spec().into_iter().flat_map(|spec| spec.walk());
                provided.made.extend(spec.filter_map(|visit| visit.node.text()).map(str::to_owned));
            } else if view.kind() == "Kustomization" {
                let made = field(view.root(), "secretGenerator").into_iter();
                let names =
                    made.flat_map(|list| list.items()).filter_map(|each| field(each, "name"));
                provided.made.extend(names.filter_map(|name| name.text()).map(str::to_owned));
            } else if is_ingress(view) && is_annotated(view) {
                let named = crate::ingress::tls(view).filter_map(TlsEntry::secret);
                provided.made.extend(named.map(|(name, _)| name.to_owned()));
            }
        }
        provided
    }

    /// Whether a Secret of that name may be in that namespace.
    pub(crate) fn has(&self, name: &str, namespace: Option<&str>) -> bool {
        self.made.contains(name)
            || self.namespaces(name).any(|each| namespaces_agree(each, namespace))
    }

    /// Whether some controller makes a Secret of that name.
    pub(crate) fn makes(&self, name: &str) -> bool {
        self.made.contains(name)
    }

    /// The namespaces in which Secrets of that name are written out.
    pub(crate) fn namespaces<'s>(&'s self, name: &'s str) -> impl Iterator<Item = Option<&'s str>> {
        let from = (name.to_owned(), None);
        let named = self.written.range(from..).take_while(move |(each, _)| each == name);
        named.map(|each| each.1.as_deref())
    }
}

/// Whether the object is of a kind whose controller makes Secrets: cert-manager's Certificate,
/// ExternalSecret, SealedSecret, SecretProviderClass, VaultStaticSecret and the many like them.
pub(crate) fn makes_secrets(view: ObjectView<'_>) -> bool {
    let extension = view.group().contains('.') && !view.group().ends_with(".k8s.io");
    let kind = view.kind();
    let named = kind.contains("Secret") || kind.contains("Cert");
    named && (extension || view.group() == "secrets-store.csi.x-k8s.io")
}

fn is_annotated(view: ObjectView<'_>) -> bool {
    MAKES_SECRETS.iter().any(|annotation| view.annotations().has(annotation))
}
