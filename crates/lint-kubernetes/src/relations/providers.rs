//! What supplies ConfigMaps and Secrets besides manifests of these kinds.

mod secrets;

use std::collections::HashMap;
use std::sync::Arc;

use careen_kube_model::{Labels, ObjectView, field, path};
use careen_model::{ObjectRef, Snapshot, namespaces_agree};
use careen_yaml::Node;

use super::text;

/// Letters and digits that kustomize appends to the name of what it generates.
const HASH: usize = 10;
/// Namespaces of one name that are told apart; with more, the name counts in every namespace.
const NAMESPACES: usize = 1000;

/// Names under which ConfigMaps or Secrets come to be, from manifests, generators and operators.
#[derive(Debug, Default)]
pub(crate) struct Providers {
    by_name: HashMap<Box<str>, Vec<Option<Box<str>>>>,
}

/// The providers of ConfigMaps, as an index of a snapshot.
struct OfConfigMaps(Arc<Providers>);
/// The providers of Secrets, as an index of a snapshot.
struct OfSecrets(Arc<Providers>);
/// The providers of Secrets whose values are in no manifest, as an index of a snapshot.
struct FromStores(Arc<Providers>);

/// An operator's kinds that make a Secret: API group, kind, and the path to the Secret's name.
/// Where none is given, the Secret is called as the object is.
const OPERATORS: [(&str, &str, &[&str]); 23] = [
    ("bitnami.com", "SealedSecret", &["spec", "template", "metadata", "name"]),
    ("external-secrets.io", "ExternalSecret", &["spec", "target", "name"]),
    ("kubernetes-client.io", "ExternalSecret", &[]),
    ("external-secrets.io", "ClusterExternalSecret", &["spec", "externalSecretName"]),
    (
        "external-secrets.io",
        "ClusterExternalSecret",
        &["spec", "externalSecretSpec", "target", "name"],
    ),
    ("cert-manager.io", "Certificate", &["spec", "secretName"]),
    ("certmanager.k8s.io", "Certificate", &["spec", "secretName"]),
    ("secrets.hashicorp.com", "VaultStaticSecret", &["spec", "destination", "name"]),
    ("secrets.hashicorp.com", "VaultDynamicSecret", &["spec", "destination", "name"]),
    ("secrets.hashicorp.com", "VaultPKISecret", &["spec", "destination", "name"]),
    ("secrets.hashicorp.com", "HCPVaultSecretsApp", &["spec", "destination", "name"]),
    ("ricoberger.de", "VaultSecret", &[]),
    ("redhatcop.redhat.io", "VaultSecret", &["spec", "output", "name"]),
    ("onepassword.com", "OnePasswordItem", &[]),
    ("secrets.infisical.com", "InfisicalSecret", &["spec", "managedSecretReference", "secretName"]),
    ("secrets.doppler.com", "DopplerSecret", &["spec", "managedSecret", "name"]),
    ("spv.no", "AzureKeyVaultSecret", &["spec", "output", "secret", "name"]),
    ("k8s.bitwarden.com", "BitwardenSecret", &["spec", "secretName"]),
    ("objectbucket.io", "ObjectBucketClaim", &[]),
    ("ingress.cert.tailscale.com", "Certificate", &["spec", "secretName"]),
    ("kafka.strimzi.io", "KafkaUser", &[]),
    ("secretgenerator.mittwald.de", "StringSecret", &[]),
    ("secretgen.k14s.io", "Password", &[]),
];

/// Annotations by which a controller copies an object of any namespace into others.
const COPIED: [&str; 6] = [
    "reflector.v1.k8s.emberstack.com/reflection-allowed",
    "reflector.v1.k8s.emberstack.com/reflection-auto-enabled",
    "kubed.appscode.com/sync",
    "config-syncer.appscode.com/sync",
    "replicator.v1.mittwald.de/replicate-to",
    "replicator.v1.mittwald.de/replicate-to-matching",
];

/// Whether an object, or the Secret that an operator makes of it, is copied.
fn is_copied(view: ObjectView<'_>) -> bool {
    const ANNOTATIONS: [&[&str]; 4] = [
        &["metadata", "annotations"],
        &["spec", "template", "metadata", "annotations"],
        &["spec", "target", "template", "metadata", "annotations"],
        &["spec", "secretTemplate", "annotations"],
    ];
    ANNOTATIONS.iter().any(|path| {
        let annotations = Labels::new(view.at(path));
        COPIED.iter().any(|key| annotations.has(key))
    })
}

impl Providers {
    /// All ConfigMaps.
    pub(crate) fn of_config_maps(snapshot: &Snapshot) -> Arc<Self> {
        let build = |snapshot: &Snapshot| OfConfigMaps(Arc::new(Self::config_maps(snapshot)));
        Arc::clone(&snapshot.index(build).0)
    }

    /// All Secrets.
    pub(crate) fn of_secrets(snapshot: &Snapshot) -> Arc<Self> {
        let build = |snapshot: &Snapshot| OfSecrets(Arc::new(Self::secrets(snapshot)));
        Arc::clone(&snapshot.index(build).0)
    }

    /// Secrets whose values come from elsewhere than the manifests: from a store of secrets, an operator
    /// or the cluster itself, or encrypted.
    pub(crate) fn from_stores(snapshot: &Snapshot) -> Arc<Self> {
        let build = |snapshot: &Snapshot| FromStores(Arc::new(Self::stores(snapshot)));
        Arc::clone(&snapshot.index(build).0)
    }

    fn config_maps(snapshot: &Snapshot) -> Self {
        let mut providers = Self::default();
        providers.add_objects(snapshot, "", "ConfigMap");
        providers.add_generators(snapshot, "configMapGenerator");
        // trust-manager writes its bundle into every namespace.
        for object in snapshot.of_kind("Bundle") {
            if object.view.group() == "trust.cert-manager.io" {
                providers.add(object.view.name(), None);
            }
        }
        for object in snapshot.of_kind("ObjectBucketClaim") {
            providers.add_object(object);
        }
        providers
    }

    fn secrets(snapshot: &Snapshot) -> Self {
        let mut providers = Self::operators(snapshot);
        providers.add_objects(snapshot, "", "Secret");
        providers.add_generators(snapshot, "secretGenerator");
        providers
    }

    fn stores(snapshot: &Snapshot) -> Self {
        let mut providers = Self::operators(snapshot);
        for object in snapshot.of_kind("Secret").filter(|object| object.view.group().is_empty()) {
            if secrets::is_filled_elsewhere(object.view) {
                let namespace = object.view.namespace().filter(|_| !is_copied(object.view));
                providers.add(object.view.name(), namespace);
            }
        }
        providers
    }

    /// What operators and controllers make.
    fn operators(snapshot: &Snapshot) -> Self {
        let mut providers = Self::default();
        for (group, kind, path) in OPERATORS {
            for object in snapshot.of_kind(kind).filter(|object| object.view.group() == group) {
                // A cluster-wide one writes into the namespaces that it selects.
                let everywhere = kind == "ClusterExternalSecret" || is_copied(object.view);
                let namespace = object.view.namespace().filter(|_| !everywhere);
                let named = object.view.at(path).and_then(|node| node.text());
                // Without a name of its own the Secret is called as the object is.
                let named = named.filter(|_| !path.is_empty());
                providers.add(named.unwrap_or_else(|| object.view.name()), namespace);
            }
        }
        for (kind, list, name) in [
            ("SopsSecret", "secretTemplates", "name"),
            ("SecretProviderClass", "secretObjects", "secretName"),
        ] {
            for object in snapshot.of_kind(kind) {
                let list = object.view.at(&["spec", list]);
                for item in list.iter().flat_map(Node::items) {
                    let name = text(item, name).unwrap_or_default();
                    providers.add(name, object.view.namespace());
                }
            }
        }
        for object in snapshot.of_kind("Ingress").chain(snapshot.of_kind("Gateway")) {
            providers.add_of_shim(object);
        }
        secrets::derived(snapshot, &mut |name, namespace| providers.add(name, namespace));
        providers
    }

    /// cert-manager's shim makes the Secrets of annotated Ingresses and Gateways.
    fn add_of_shim(&mut self, object: ObjectRef<'_>) {
        let annotations = object.view.annotations();
        let is_shim =
            |key: &str| key.starts_with("cert-manager.io/") || key == "kubernetes.io/tls-acme";
        if !annotations.iter().any(|annotation| is_shim(annotation.key)) {
            return;
        }
        let namespace = object.view.namespace();
        let tls = object.view.at(&["spec", "tls"]);
        for item in tls.iter().flat_map(Node::items) {
            self.add(text(item, "secretName").unwrap_or_default(), namespace);
        }
        let listeners = object.view.at(&["spec", "listeners"]);
        for listener in listeners.iter().flat_map(Node::items) {
            let certificates = path(listener, &["tls", "certificateRefs"]);
            for certificate in certificates.iter().flat_map(Node::items) {
                let namespace = text(certificate, "namespace").or(namespace);
                self.add(text(certificate, "name").unwrap_or_default(), namespace);
            }
        }
    }

    fn add_objects(&mut self, snapshot: &Snapshot, group: &str, kind: &str) {
        for object in snapshot.of_kind(kind).filter(|object| object.view.group() == group) {
            let namespace = object.view.namespace().filter(|_| !is_copied(object.view));
            self.add(object.view.name(), namespace);
        }
    }

    fn add_object(&mut self, object: ObjectRef<'_>) {
        self.add(object.view.name(), object.view.namespace());
    }

    fn add_generators(&mut self, snapshot: &Snapshot, generator: &str) {
        for object in snapshot.of_kind("Kustomization").chain(snapshot.of_kind("Component")) {
            let list = field(object.view.root(), generator);
            for item in list.iter().flat_map(Node::items) {
                // The Kustomization gives the namespace to the references too.
                self.add(text(item, "name").unwrap_or_default(), text(item, "namespace"));
            }
        }
    }

    fn add(&mut self, name: &str, namespace: Option<&str>) {
        if name.is_empty() {
            return;
        }
        if !self.by_name.contains_key(name) {
            self.by_name.insert(name.into(), Vec::new());
        }
        let Some(known) = self.by_name.get_mut(name) else { return };
        let has = |wanted| known.iter().any(|own| own.as_deref() == wanted);
        if has(None) || has(namespace) {
            return;
        }
        if namespace.is_none() || known.len() >= NAMESPACES {
            known.clear();
            known.push(None);
        } else {
            known.push(namespace.map(Into::into));
        }
    }

    /// Whether something of this name comes to be in an agreeing namespace, perhaps with the hash
    /// of a generator at its end.
    pub(crate) fn has(&self, namespace: Option<&str>, name: &str) -> bool {
        let exact = |name: &str| {
            self.by_name.get(name).is_some_and(|known| {
                known.iter().any(|own| namespaces_agree(own.as_deref(), namespace))
            })
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
