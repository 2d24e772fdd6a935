//! Objects, workloads, what they serve.

use std::collections::BTreeSet;

use careen_kube_model::{ObjectView, PodTemplate, Selector, field, strings};
use careen_model::{ObjectRef, Snapshot, namespaces_agree};

use super::{Survey, counts, place};
use crate::Subject;

/// Comparisons of Services with workloads; what is beyond is taken not to serve.
const COMPARISONS: usize = 2_000_000;

pub(super) fn see(snapshot: &Snapshot, survey: &mut Survey) {
    let objects: Vec<_> = snapshot.objects().filter(|object| counts(object.file)).collect();
    let services: Vec<_> = objects.iter().copied().filter_map(service).collect();
    let mut namespaces = BTreeSet::new();
    let mut left = COMPARISONS;
    for &object in &objects {
        let (view, file) = (object.view, object.file);
        // A patch says nothing about what it patches.
        if view.is_fragment() {
            continue;
        }
        let at = place(file, view.name_span());
        let name = format!("{} `{}`", view.kind(), named(view));
        survey.see(Subject::Objects, at.clone(), &*name);
        if let Some(namespace) = view.namespace().filter(|name| namespaces.insert(*name)) {
            survey.see(Subject::Namespaces, at.clone(), format!("namespace `{namespace}`"));
        }
        if view.kind() == "Service" {
            survey.see(Subject::Services, at.clone(), &*name);
        }
        for (host, at) in public_hosts(object) {
            survey.see(Subject::PublicHosts, at.clone(), format!("host `{host}` of {name}"));
            survey.see(Subject::CertificatesOrHosts, at, format!("host `{host}` of {name}"));
        }
        let Some(pod) = view.pod_template() else { continue };
        survey.see(Subject::Workloads, at.clone(), &*name);
        for container in pod.main_containers() {
            let at = place(file, container.name_span);
            let what = format!("container `{}` of {name}", container.name);
            survey.see(Subject::Containers, at, what);
        }
        left = left.saturating_sub(services.len());
        if left > 0 && pod.is_long_running() {
            serve(&services, view, pod, &mut |subject| survey.see(subject, at.clone(), &*name));
        }
    }
}

/// A Service that selects pods.
struct Service<'a> {
    namespace: Option<&'a str>,
    selector: Selector<'a>,
    speaks_http: bool,
}

fn service(object: ObjectRef<'_>) -> Option<Service<'_>> {
    let view = object.view;
    if view.kind() != "Service" {
        return None;
    }
    let selector = Selector::map(view.at(&["spec", "selector"])?);
    let ports = view.at(&["spec", "ports"]).into_iter().flat_map(|ports| ports.items());
    let speaks_http = ports.into_iter().any(|port| {
        let name = field(port, "name").and_then(|name| name.as_str()).unwrap_or_default();
        let number = field(port, "port").and_then(|port| port.as_i64());
        name.starts_with("http") || matches!(number, Some(80 | 443 | 8080 | 8443))
    });
    let empty = selector.is_empty();
    (!empty).then_some(Service { namespace: view.namespace(), selector, speaks_http })
}

fn serve(
    services: &[Service<'_>],
    view: ObjectView<'_>,
    pod: PodTemplate<'_>,
    see: &mut dyn FnMut(Subject),
) {
    let selecting: Vec<_> = services
        .iter()
        .filter(|service| namespaces_agree(service.namespace, view.namespace()))
        .filter(|service| service.selector.matches(pod.labels()))
        .collect();
    if !selecting.is_empty() {
        see(Subject::ServingWorkloads);
    }
    if selecting.iter().any(|service| service.speaks_http) {
        see(Subject::HttpServices);
    }
}

/// Hosts that an Ingress, an HTTPRoute or a Gateway names.
fn public_hosts(object: ObjectRef<'_>) -> Vec<(String, careen_audit_model::Place)> {
    let view = object.view;
    let at = |node: careen_yaml::Node<'_>| place(object.file, node.span());
    let listed = |keys: &[&str], key: &str| {
        let items = view.at(keys).into_iter().flat_map(|list| list.items());
        let hosts = items.into_iter().filter_map(|item| {
            let host = field(item, key)?;
            Some((host.as_str()?.to_owned(), at(host)))
        });
        hosts.collect::<Vec<_>>()
    };
    match view.kind() {
        "Ingress" => listed(&["spec", "rules"], "host"),
        "Gateway" => listed(&["spec", "listeners"], "hostname"),
        "HTTPRoute" | "GRPCRoute" | "TLSRoute" => {
            let names = view.at(&["spec", "hostnames"]).into_iter().flat_map(strings);
            names.map(|(name, node)| (name.to_owned(), at(node))).collect()
        }
        _ => Vec::new(),
    }
}

/// `shop/api`, or the name alone.
fn named(view: ObjectView<'_>) -> String {
    match view.namespace() {
        Some(namespace) => format!("{namespace}/{}", view.name()),
        None => view.name().to_owned(),
    }
}
