//! Whom the API server calls over TLS: admission webhooks, aggregated APIs and the conversion of
//! custom resources, and the certificates that answer.

use careen_kube_model::{ObjectView, Selector, field, path};
use careen_model::{Bundle, ObjectRef, Snapshot, namespaces_agree};
use careen_x509_model::{Certificate, Issued};
use careen_yaml::Node;

use crate::endpoints::named;
use crate::served::{Served, of_secret};

/// The kinds that tell the API server whom to call.
pub(crate) const KINDS: &[&str] = &[
    "APIService",
    "CustomResourceDefinition",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Annotations that make a controller write the `caBundle`.
const INJECTORS: [&str; 5] = [
    "cert-manager.io/inject-ca-from",
    "cert-manager.io/inject-ca-from-secret",
    "cert-manager.io/inject-apiserver-ca",
    "certmanager.k8s.io/inject-ca-from",
    "service.beta.openshift.io/inject-cabundle",
];

/// Pods and Secrets that are looked at for one Service.
const MOST: usize = 200;

/// One connection that the API server makes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Callee<'a> {
    pub(crate) object: ObjectRef<'a>,
    /// The name of the webhook, where the object has several.
    pub(crate) name: Option<&'a str>,
    /// `clientConfig`, or `spec` of an APIService.
    pub(crate) config: Node<'a>,
    /// Whether requests of users fail when the call does.
    pub(crate) is_fatal: bool,
}

impl<'a> Callee<'a> {
    /// All of one object.
    pub(crate) fn of(object: ObjectRef<'a>) -> Vec<Self> {
        let view = object.view;
        let single = |config: Option<Node<'a>>| {
            config.map(|config| Callee { object, name: None, config, is_fatal: true })
        };
        match view.kind() {
            "APIService" => {
                let spec = view.spec().filter(|spec| field(*spec, "service").is_some());
                single(spec).into_iter().collect()
            }
            "CustomResourceDefinition" => {
                let webhook = view.at(&["spec", "conversion", "webhook", "clientConfig"]);
                let older = view.at(&["spec", "conversion", "webhookClientConfig"]);
                single(webhook.or(older)).into_iter().collect()
            }
            _ => {
                let webhooks = field(view.root(), "webhooks");
                let webhooks = webhooks.into_iter().flat_map(|list| list.items());
                let callee = |webhook: Node<'a>| {
                    let policy = field(webhook, "failurePolicy").and_then(|policy| policy.text());
                    Some(Callee {
                        object,
                        name: named(webhook, &["name"]).map(|(name, _)| name),
                        config: field(webhook, "clientConfig")?,
                        is_fatal: policy != Some("Ignore"),
                    })
                };
                webhooks.filter_map(callee).collect()
            }
        }
    }

    /// The bundle's text, where it is there and not empty.
    pub(crate) fn ca_bundle(&self) -> Option<(&'a str, Node<'a>)> {
        named(self.config, &["caBundle"])
    }

    /// The certificates of the bundle.
    pub(crate) fn authorities(&self) -> Option<&'a Bundle> {
        let (_, node) = self.ca_bundle()?;
        let mut values = self.object.values();
        values.find(|(_, bundle)| bundle.span == node.span()).map(|(_, bundle)| bundle)
    }

    /// Name and namespace of the Service that is called.
    pub(crate) fn service(&self) -> Option<(&'a str, Option<&'a str>)> {
        let (name, _) = named(self.config, &["service", "name"])?;
        Some((name, named(self.config, &["service", "namespace"]).map(|(namespace, _)| namespace)))
    }

    /// The certificates that the pods behind the Service present: those of the Secrets that they
    /// mount.
    pub(crate) fn served(&self, snapshot: &'a Snapshot) -> Vec<Served<'a>> {
        let Some((name, namespace)) = self.service() else { return Vec::new() };
        let mut found: Vec<Served<'a>> = Vec::new();
        for service in snapshot.named("Service", namespace, name).take(MOST) {
            let Some(selector) = service.view.at(&["spec", "selector"]).map(Selector::map) else {
                continue;
            };
            if selector.is_empty() {
                continue;
            }
            let namespace = namespace.or(service.view.namespace());
            for secret in mounted(snapshot, namespace, &selector) {
                let known = found.iter().any(|each| {
                    std::ptr::eq(each.secret.file, secret.secret.file)
                        && each.secret.index == secret.secret.index
                });
                if !known && found.len() < MOST {
                    found.push(secret);
                }
            }
        }
        found
    }

    /// For messages: "webhook `x` of ValidatingWebhookConfiguration `y`", "APIService `v1.x`".
    pub(crate) fn display(&self) -> String {
        let object = self.object.view.display();
        match self.name {
            Some(name) => format!("webhook `{}` of {object}", crate::names::Shown(name)),
            None if self.object.view.kind() == "CustomResourceDefinition" => {
                format!("conversion of {object}")
            }
            None => object.to_string(),
        }
    }
}

/// The annotation that makes a controller write the bundles of an object, with its value.
pub(crate) fn injector(view: ObjectView<'_>) -> Option<(&'static str, &str, Node<'_>)> {
    INJECTORS.into_iter().find_map(|annotation| {
        let node = view.annotations().get_node(annotation)?;
        Some((annotation, node.text()?, node))
    })
}

/// Whether one of the authorities stands behind the certificate that is served: it is one of
/// them, or one of them issued it or one of the certificates that are sent with it.
pub(crate) fn verifies(authorities: &Bundle, served: &Served<'_>) -> bool {
    let certificates = || served.bundle.certificates().map(|(_, certificate)| certificate);
    let stands_behind = |authority: &Certificate| {
        certificates().any(|each| {
            each.sha256 == authority.sha256
                || matches!(authority.issued(each), Issued::Yes | Issued::UnsupportedAlgorithm)
        })
    };
    authorities.certificates().any(|(_, authority)| stands_behind(authority))
}

/// The certificates in Secrets that pods mount which a selector selects.
pub(crate) fn mounted<'a>(
    snapshot: &'a Snapshot,
    namespace: Option<&str>,
    selector: &Selector<'_>,
) -> Vec<Served<'a>> {
    let mut found = Vec::new();
    for workload in snapshot.workloads() {
        if !namespaces_agree(workload.view.namespace(), namespace) {
            continue;
        }
        let Some(pod) = workload.view.pod_template() else { continue };
        if !selector.matches(pod.labels()) {
            continue;
        }
        let namespace = namespace.or(workload.view.namespace());
        for volume in pod.volumes() {
            let secret =
                volume.source_of("secret").and_then(|source| path(source, &["secretName"]));
            let Some(name) = secret.and_then(|name| name.text()) else { continue };
            found.extend(snapshot.named("Secret", namespace, name).filter_map(of_secret));
            if found.len() >= MOST {
                return found;
            }
        }
    }
    found
}
