//! Certificates that cert-manager makes for annotated objects: its `ingress-shim` and
//! `gateway-shim`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use careen_kube_model::{Labels, ObjectView};
use careen_model::ObjectRef;

use super::{IssuerRef, Request, Text};
use crate::endpoints::{items, named};
use crate::ingress::{is_ingress, tls};

/// The annotation that was kube-lego's: the default issuer of the installation is meant.
const LEGACY: &str = "kubernetes.io/tls-acme";

/// Whether an object is of a kind whose annotations are read.
pub(crate) fn is_shimmed(view: ObjectView<'_>) -> bool {
    let of_gateway = matches!(view.kind(), "Gateway" | "ListenerSet");
    is_ingress(view) || (of_gateway && view.group() == "gateway.networking.k8s.io")
}

/// What annotations of an Ingress or a Gateway ask for: nothing where they contradict each other.
pub(crate) fn shimmed(object: ObjectRef<'_>) -> Vec<Request<'_>> {
    let view = object.view;
    let annotations = view.annotations();
    if !is_shimmed(view) {
        return Vec::new();
    }
    let issuer = issuer_of(annotations);
    let default = is_ingress(view) && annotations.get(LEGACY) == Some("true");
    if issuer.is_none() && !default {
        return Vec::new();
    }
    let mut base = Request::new(object);
    base.by_annotation = true;
    base.issuer = issuer;
    let get = |key| annotation(annotations, key);
    base.common_name = get("cert-manager.io/common-name");
    base.duration = get("cert-manager.io/duration");
    base.renew_before = get("cert-manager.io/renew-before");
    base.renew_before_percentage = get("cert-manager.io/renew-before-percentage");
    base.key_algorithm = get("cert-manager.io/private-key-algorithm");
    base.key_size = get("cert-manager.io/private-key-size");
    base.rotation_policy = get("cert-manager.io/private-key-rotation-policy");
    base.usages = words(annotations, "cert-manager.io/usages");
    base.dns_names = words(annotations, "cert-manager.io/alt-names");
    base.addresses = words(annotations, "cert-manager.io/ip-sans");
    let secrets = if is_ingress(view) { of_ingress(view) } else { of_gateway(view) };
    let made = secrets.into_iter().map(|(_, (secret, hosts))| {
        let mut request = base.clone();
        request.secret = Some(secret);
        let (addresses, names): (Vec<Text<'_>>, Vec<Text<'_>>) =
            hosts.into_iter().partition(|(host, _)| host.parse::<IpAddr>().is_ok());
        request.dns_names.splice(0..0, names);
        request.addresses.splice(0..0, addresses);
        request
    });
    made.collect()
}

type Secrets<'a> = BTreeMap<&'a str, (Text<'a>, Vec<Text<'a>>)>;

/// The entries of `spec.tls`; those without hosts or Secret are passed over.
fn of_ingress(view: ObjectView<'_>) -> Secrets<'_> {
    let mut secrets = Secrets::new();
    for entry in tls(view) {
        let hosts: Vec<_> = entry.hosts().collect();
        if let Some(secret) = entry.secret().filter(|_| !hosts.is_empty()) {
            secrets.entry(secret.0).or_insert((secret, Vec::new())).1.extend(hosts);
        }
    }
    secrets
}

/// The listeners that end TLS with Secrets of the same namespace.
fn of_gateway(view: ObjectView<'_>) -> Secrets<'_> {
    let mut secrets = Secrets::new();
    for listener in items(view, &["spec", "listeners"]) {
        let is = |path: &[&str], wanted: &[&str]| {
            named(listener, path).is_some_and(|(text, _)| wanted.contains(&text))
        };
        let Some(host) = named(listener, &["hostname"]) else { continue };
        if !is(&["protocol"], &["HTTPS", "TLS"]) || is(&["tls", "mode"], &["Passthrough"]) {
            continue;
        }
        let references = listener.at(&["tls", "certificateRefs"]);
        for reference in references.into_iter().flat_map(|list| list.items()) {
            let foreign = named(reference, &["kind"]).is_some_and(|(kind, _)| kind != "Secret")
                || named(reference, &["namespace"])
                    .is_some_and(|(namespace, _)| Some(namespace) != view.namespace());
            if let Some(secret) = named(reference, &["name"]).filter(|_| !foreign) {
                secrets.entry(secret.0).or_insert((secret, Vec::new())).1.push(host);
            }
        }
    }
    secrets
}

fn issuer_of(annotations: Labels<'_>) -> Option<IssuerRef<'_>> {
    let get = |key| annotation(annotations, key);
    let kind = get("cert-manager.io/issuer-kind");
    let group = get("cert-manager.io/issuer-group");
    match (get("cert-manager.io/issuer"), get("cert-manager.io/cluster-issuer")) {
        (None, Some(name)) if kind.is_none() && group.is_none() => {
            Some(IssuerRef { name, kind: "ClusterIssuer", kind_node: None, group: "" })
        }
        (Some(name), None) => Some(IssuerRef {
            name,
            kind: kind.map_or("Issuer", |(kind, _)| kind),
            kind_node: kind.map(|(_, node)| node),
            group: group.map_or("", |(group, _)| group),
        }),
        _ => None,
    }
}

/// The value of an annotation that is not empty.
pub(crate) fn annotation<'a>(annotations: Labels<'a>, key: &str) -> Option<Text<'a>> {
    let value = annotations.get(key).filter(|value| !value.is_empty())?;
    Some((value, annotations.get_node(key)?))
}

fn words<'a>(annotations: Labels<'a>, key: &str) -> Vec<Text<'a>> {
    let value = annotation(annotations, key);
    let words = value.into_iter().flat_map(|(text, node)| {
        text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(move |word| (word, node))
    });
    words.collect()
}
