//! What supplies ConfigMaps and Secrets besides manifests of these kinds.

use std::collections::HashMap;

use careen_kube_model::field;
use careen_model::{ObjectRef, Snapshot, namespaces_agree};
use careen_yaml::Node;

use super::text;

/// Letters and digits that kustomize appends to the name of what it generates.
const HASH: usize = 10;
/// Namespaces of one name that are told apart; with more, the name counts in every namespace.
const NAMESPACES: usize = 1000;

/// Names under which ConfigMaps or Secrets come to be, from manifests, generators and operators.
#[derive(Debug, Default)]
pub(crate) struct Providers<'a> {
    by_name: HashMap<&'a str, Vec<Option<&'a str>>>,
}

impl<'a> Providers<'a> {
    /// All ConfigMaps.
    pub(crate) fn of_config_maps(snapshot: &'a Snapshot) -> Self {
        let mut providers = Self::default();
        providers.add_objects(snapshot, "", "ConfigMap");
        providers.add_generators(snapshot, "configMapGenerator");
        // trust-manager writes its bundle into every namespace.
        for object in snapshot.of_kind("Bundle") {
            if object.view.group() == "trust.cert-manager.io" {
                providers.add(object.view.name(), None);
            }
        }
        providers
    }

    /// All Secrets.
    pub(crate) fn of_secrets(snapshot: &'a Snapshot) -> Self {
        let mut providers = Self::default();
        providers.add_objects(snapshot, "", "Secret");
        providers.add_generators(snapshot, "secretGenerator");
        for (group, kind, path) in [
            ("bitnami.com", "SealedSecret", &["spec", "template", "metadata", "name"][..]),
            ("external-secrets.io", "ExternalSecret", &["spec", "target", "name"]),
            ("kubernetes-client.io", "ExternalSecret", &[]),
            ("external-secrets.io", "ClusterExternalSecret", &["spec", "externalSecretName"]),
            ("cert-manager.io", "Certificate", &["spec", "secretName"]),
            ("secrets.hashicorp.com", "VaultStaticSecret", &["spec", "destination", "name"]),
            ("secrets.hashicorp.com", "VaultDynamicSecret", &["spec", "destination", "name"]),
            ("secrets.hashicorp.com", "VaultPKISecret", &["spec", "destination", "name"]),
            ("onepassword.com", "OnePasswordItem", &[]),
            (
                "secrets.infisical.com",
                "InfisicalSecret",
                &["spec", "managedSecretReference", "secretName"],
            ),
        ] {
            for object in snapshot.of_kind(kind).filter(|object| object.view.group() == group) {
                providers.add_object(object);
                if let Some(name) = object.view.at(path).and_then(|node| node.text()) {
                    providers.add(name, object.view.namespace());
                }
            }
        }
        for object in snapshot.of_kind("SopsSecret") {
            let list = object.view.at(&["spec", "secretTemplates"]);
            for item in list.iter().flat_map(Node::items) {
                providers.add(text(item, "name").unwrap_or_default(), object.view.namespace());
            }
        }
        for object in snapshot.of_kind("SecretProviderClass") {
            let list = object.view.at(&["spec", "secretObjects"]);
            for item in list.iter().flat_map(Node::items) {
                providers
                    .add(text(item, "secretName").unwrap_or_default(), object.view.namespace());
            }
        }
        for object in snapshot.of_kind("Ingress") {
            // cert-manager's ingress shim makes the Secrets of annotated Ingresses.
            let annotations = object.view.annotations();
            if annotations.iter().any(|annotation| annotation.key.starts_with("cert-manager.io/")) {
                let list = object.view.at(&["spec", "tls"]);
                for item in list.iter().flat_map(Node::items) {
                    let name = text(item, "secretName").unwrap_or_default();
                    providers.add(name, object.view.namespace());
                }
            }
        }
        providers
    }

    fn add_objects(&mut self, snapshot: &'a Snapshot, group: &str, kind: &str) {
        for object in snapshot.of_kind(kind).filter(|object| object.view.group() == group) {
            self.add_object(object);
        }
    }

    fn add_object(&mut self, object: ObjectRef<'a>) {
        self.add(object.view.name(), object.view.namespace());
    }

    fn add_generators(&mut self, snapshot: &'a Snapshot, generator: &str) {
        for object in snapshot.of_kind("Kustomization").chain(snapshot.of_kind("Component")) {
            let list = field(object.view.root(), generator);
            for item in list.iter().flat_map(Node::items) {
                // The Kustomization gives the namespace to the references too.
                self.add(text(item, "name").unwrap_or_default(), text(item, "namespace"));
            }
        }
    }

    fn add(&mut self, name: &'a str, namespace: Option<&'a str>) {
        if !name.is_empty() {
            let known = self.by_name.entry(name).or_default();
            if known.len() >= NAMESPACES {
                known.clear();
                known.push(None);
            } else if !known.contains(&namespace) && !known.contains(&None) {
                known.push(namespace);
            }
        }
    }

    /// Whether something of this name comes to be in an agreeing namespace, perhaps with the hash
    /// of a generator at its end.
    pub(crate) fn has(&self, namespace: Option<&str>, name: &str) -> bool {
        let exact = |name: &str| {
            self.by_name
                .get(name)
                .is_some_and(|known| known.iter().any(|&own| namespaces_agree(own, namespace)))
        };
        let unhashed = name.rsplit_once('-').filter(|(_, hash)| {
            hash.len() == HASH && hash.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        exact(name) || unhashed.is_some_and(|(name, _)| exact(name))
    }

    /// Whether nothing is supplied at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}
