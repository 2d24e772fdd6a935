//! Workloads that serve: those with a port, or with a Service in front of them.

use careen_kube_model::{Container, PodTemplate, Selector, field};
use careen_model::{ObjectRef, Snapshot, namespaces_agree};

use crate::place::pods;

/// Comparisons of selectors with labels that one check makes.
const COMPARISONS: usize = 2_000_000;

/// A workload that serves.
#[derive(Clone, Debug)]
pub(crate) struct Server<'a> {
    pub(crate) object: ObjectRef<'a>,
    pub(crate) pod: PodTemplate<'a>,
    /// The Services that select its pods.
    pub(crate) services: Vec<ObjectRef<'a>>,
}

impl Server<'_> {
    /// The names under which it is known: its own, and those of its Services and of its pods' labels.
    pub(crate) fn names(&self) -> Vec<&str> {
        const LABELS: [&str; 4] =
            ["app.kubernetes.io/name", "app", "k8s-app", "app.kubernetes.io/instance"];
        let labels = self.pod.labels();
        let mut names = vec![self.object.view.name()];
        names.extend(self.services.iter().map(|service| service.view.name()));
        names.extend(LABELS.iter().filter_map(|label| labels.get(label)));
        names.retain(|name| !name.is_empty());
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// All workloads that run on and serve, in order of path and place.
pub(crate) fn servers(snapshot: &Snapshot) -> Vec<Server<'_>> {
    let services: Vec<_> = snapshot
        .of_kind("Service")
        .filter(|service| service.view.group().is_empty())
        .filter_map(|service| Some((service, selector(service)?)))
        .collect();
    let mut left = COMPARISONS;
    let mut servers = Vec::new();
    for (object, pod) in pods(snapshot).filter(|(_, pod)| pod.is_long_running()) {
        let mut selecting = Vec::new();
        if let Some(rest) = left.checked_sub(services.len()) {
            left = rest;
            let namespace = object.view.namespace();
            let found = services.iter().filter(|(service, selector)| {
                namespaces_agree(service.view.namespace(), namespace)
                    && selector.matches(pod.labels())
            });
            selecting.extend(found.map(|(service, _)| *service));
        }
        if !selecting.is_empty() || has_port(pod) {
            servers.push(Server { object, pod, services: selecting });
        }
    }
    servers
}

/// The selector of a Service that finds pods by it.
fn selector(service: ObjectRef<'_>) -> Option<Selector<'_>> {
    let selector = Selector::map(service.view.at(&["spec", "selector"])?);
    (!selector.is_empty()).then_some(selector)
}

fn has_port(pod: PodTemplate<'_>) -> bool {
    let ports = pod.main_containers().flat_map(Container::ports);
    let mut protocols = ports.map(|port| field(port, "protocol").and_then(|node| node.text()));
    protocols.any(|protocol| protocol.is_none_or(|protocol| protocol == "TCP"))
}
