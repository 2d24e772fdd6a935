//! Backends that are reached by TLS: the policies that say how they are verified, and the
//! certificates they show.

use careen_kube_model::{Selector, field, path};
use careen_model::{ObjectRef, Snapshot, namespaces_agree};
use careen_yaml::Node;

use super::GROUP;
use crate::endpoints::{items, named};
use crate::ingress::is_plain;
use crate::served::{Served, served};

/// Targets and authorities of one policy that are looked at; the API allows 16 and 8.
const ENTRIES: usize = 32;
/// Services of one name that are looked at; overlays make a handful.
const NAMESAKES: usize = 20;

/// The policies.
pub(crate) fn backend_policies(snapshot: &Snapshot) -> impl Iterator<Item = ObjectRef<'_>> {
    snapshot.of_kind("BackendTLSPolicy").filter(|object| object.view.group() == GROUP)
}

/// What a policy names as the CAs of a backend.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Authority<'a> {
    /// `ConfigMap`, or `Secret` as implementations allow.
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    /// Where the name stands.
    pub(crate) node: Node<'a>,
}

/// The authorities of a policy. Variables and kinds of others are left out.
pub(crate) fn authorities(policy: ObjectRef<'_>) -> impl Iterator<Item = Authority<'_>> {
    // Before v1alpha3 the field was called `tls`.
    let of = |key| items(policy.view, &["spec", key, "caCertificateRefs"]);
    of("validation").chain(of("tls")).take(ENTRIES).filter_map(|reference| {
        let kind = named(reference, &["kind"]).map_or("ConfigMap", |(kind, _)| kind);
        let group = field(reference, "group").and_then(|group| group.text());
        let (name, node) = named(reference, &["name"]).filter(|(name, _)| is_plain(name))?;
        let core = group.is_none_or(str::is_empty) && matches!(kind, "ConfigMap" | "Secret");
        core.then_some(Authority { kind, name, node })
    })
}

/// The names of the Services that a policy is for.
pub(crate) fn targets(policy: ObjectRef<'_>) -> impl Iterator<Item = &str> {
    let many = items(policy.view, &["spec", "targetRefs"]);
    many.chain(policy.view.at(&["spec", "targetRef"])).take(ENTRIES).filter_map(|target| {
        let kind = named(target, &["kind"]).map_or("Service", |(kind, _)| kind);
        let (name, _) = named(target, &["name"]).filter(|(name, _)| is_plain(name))?;
        (kind == "Service").then_some(name)
    })
}

/// The certificates in the Secrets that the pods behind a Service mount; none where the repository
/// does not have all of these Secrets. `left` is how many pods may still be looked at.
pub(crate) fn backend_certificates<'a>(
    snapshot: &'a Snapshot,
    namespace: Option<&str>,
    service: &str,
    left: &mut usize,
) -> Option<Vec<Served<'a>>> {
    let mut all: Vec<Served<'a>> = Vec::new();
    for service in snapshot.named("Service", namespace, service).take(NAMESAKES) {
        let selector = service.view.at(&["spec", "selector"]).map(Selector::map);
        let Some(selector) = selector.filter(|selector| !selector.is_empty()) else { continue };
        for workload in snapshot.workloads() {
            *left = left.checked_sub(1)?;
            let view = workload.view;
            if !namespaces_agree(view.namespace(), service.view.namespace()) {
                continue;
            }
            for pod in view.pod_templates().filter(|pod| selector.matches(pod.labels())) {
                for volume in pod.volumes() {
                    for name in secrets(volume.node) {
                        let found = served(snapshot, view.namespace(), name);
                        let written = snapshot.named("Secret", view.namespace(), name).next();
                        written?;
                        all.extend(found);
                    }
                }
            }
        }
    }
    Some(all)
}

/// The Secrets of a volume, projected ones too.
fn secrets<'a>(volume: Node<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let own = path(volume, &["secret", "secretName"]);
    let projected = path(volume, &["projected", "sources"]);
    let projected = projected.into_iter().flat_map(|sources| sources.items()).take(ENTRIES);
    let projected = projected.filter_map(|source| path(source, &["secret", "name"]));
    own.into_iter().chain(projected).filter_map(|name| name.text())
}
