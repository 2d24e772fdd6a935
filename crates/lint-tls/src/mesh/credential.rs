//! Where the Secrets that Istio's Gateways name come from.

use std::collections::{BTreeMap, BTreeSet};

use careen_kube_model::{Labels, field};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use crate::endpoints::{items, named};
use crate::provided::makes_secrets;

/// Secrets of one name that are looked at; overlays make a handful.
const NAMESAKES: usize = 50;

/// What makes Secrets and where, as far as it is said.
#[derive(Debug)]
pub(crate) struct Credentials<'a> {
    /// Certificates of cert-manager, by the name of their Secret.
    certificates: BTreeMap<&'a str, Vec<ObjectRef<'a>>>,
    /// Names that other makers say, so that nobody knows the namespace.
    elsewhere: BTreeSet<&'a str>,
}

impl<'a> Credentials<'a> {
    /// Collects them.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut credentials = Self { certificates: BTreeMap::new(), elsewhere: BTreeSet::new() };
        for object in snapshot.objects() {
            let view = object.view;
            if view.is("cert-manager.io", "Certificate") {
                if let Some((name, _)) = named(view.root(), &["spec", "secretName"]) {
                    let known = credentials.certificates.entry(name).or_default();
                    if known.len() < NAMESAKES {
                        known.push(object);
                    }
                }
            } else if makes_secrets(view) {
                let texts = view.spec().into_iter().flat_map(|spec| spec.walk());
                credentials.elsewhere.extend(texts.filter_map(|visit| visit.node.text()));
                credentials.elsewhere.insert(view.name());
            } else if view.kind() == "Kustomization" {
                let made = items(view, &["secretGenerator"]);
                let names = made.filter_map(|made| named(made, &["name"]));
                credentials.elsewhere.extend(names.map(|(name, _)| name));
            }
        }
        credentials
    }

    /// The objects that are a Secret of that name or make one: all of them, if the repository
    /// says so of everything that may make one and nothing copies it.
    pub(crate) fn holders(&self, snapshot: &'a Snapshot, name: &str) -> Vec<ObjectRef<'a>> {
        if self.elsewhere.contains(name) {
            return Vec::new();
        }
        let secrets = snapshot.named("Secret", None, name).take(NAMESAKES);
        let secrets = secrets.filter(|secret| secret.view.is("", "Secret"));
        let made = self.certificates.get(name).into_iter().flatten().copied();
        let holders: Vec<_> = secrets.chain(made).collect();
        if holders.iter().any(|holder| is_copied(*holder)) { Vec::new() } else { holders }
    }
}

/// Whether something copies the Secret into other namespaces.
fn is_copied(holder: ObjectRef<'_>) -> bool {
    let copies = |node: Option<Node<'_>>| {
        Labels::new(node).iter().any(|annotation| {
            ["reflector", "replicator", "kubed"].iter().any(|tool| annotation.key.contains(tool))
        })
    };
    let template = holder.view.at(&["spec", "secretTemplate"]);
    copies(holder.view.annotations().node())
        || copies(template.and_then(|template| field(template, "annotations")))
}
