//! Has every Service ready endpoints?

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::discovery::v1::{Endpoint, EndpointSlice};

use crate::answer::{Answer, count};
use crate::cluster::{Cluster, Name};

const SERVICE_NAME: &str = "kubernetes.io/service-name";

pub(crate) fn ask(cluster: &Cluster) -> Answer {
    let backends = Backends::of(cluster);
    let mut answer = Answer { missing: backends.missing(), ..Answer::default() };
    if !cluster.has("Service") {
        // Every Service with a selector has a slice, if only an empty one.
        for (service, ready) in &backends.ready {
            if *ready == 0 {
                answer.problem("Service", service, "has no ready endpoint");
            }
        }
        let known = count(backends.ready.len(), "Service", "Services");
        return answer.told(backends.ready.len(), &[format!("{known} known by EndpointSlices")]);
    }
    let mut seen = 0;
    for (name, service) in &cluster.services {
        if !is_selecting(service) {
            continue;
        }
        seen += 1;
        if backends.known && backends.of_service(name) == 0 {
            answer.problem("Service", name, "has no ready endpoint");
        }
        if is_waiting_for_address(service) {
            answer.problem("Service", name, "is of type LoadBalancer and has no address");
        }
    }
    let words = count(seen, "Service with a selector", "Services with selectors");
    answer.told(seen, &[words])
}

/// How many ready endpoints each Service has.
pub(super) struct Backends {
    /// Whether endpoints were listed at all.
    pub(super) known: bool,
    pub(super) ready: BTreeMap<Name, usize>,
}

impl Backends {
    pub(super) fn of(cluster: &Cluster) -> Self {
        let mut ready: BTreeMap<Name, usize> = BTreeMap::new();
        if cluster.has("EndpointSlice") {
            for (name, slice) in &cluster.slices {
                if let Some(service) = service_of(name, slice) {
                    *ready.entry(service).or_default() += ready_in(slice);
                }
            }
        } else {
            for (name, endpoints) in &cluster.endpoints {
                let subsets = endpoints.subsets.iter().flatten();
                let addresses = subsets.map(|subset| subset.addresses.iter().flatten().count());
                ready.insert(name.clone(), addresses.sum());
            }
        }
        Self { known: cluster.has("EndpointSlice") || cluster.has("Endpoints"), ready }
    }

    pub(super) fn missing(&self) -> Vec<&'static str> {
        if self.known { Vec::new() } else { vec!["EndpointSlice"] }
    }

    pub(super) fn of_service(&self, name: &Name) -> usize {
        self.ready.get(name).copied().unwrap_or(0)
    }
}

/// The Service that a slice belongs to.
pub(super) fn service_of(name: &Name, slice: &EndpointSlice) -> Option<Name> {
    slice.metadata.labels.as_ref()?.get(SERVICE_NAME).map(|service| name.beside(service))
}

fn ready_in(slice: &EndpointSlice) -> usize {
    slice.endpoints.iter().flatten().filter(|endpoint| is_ready(endpoint)).count()
}

/// An endpoint that does not say whether it is ready counts as ready; so says the API.
fn is_ready(endpoint: &Endpoint) -> bool {
    let ready = endpoint.conditions.as_ref().and_then(|conditions| conditions.ready);
    ready != Some(false) && !endpoint.addresses.is_empty()
}

/// Whether the cluster itself looks for the pods of a Service.
pub(super) fn is_selecting(service: &Service) -> bool {
    let Some(spec) = &service.spec else { return false };
    let selects = spec.selector.as_ref().is_some_and(|selector| !selector.is_empty());
    selects && spec.type_.as_deref() != Some("ExternalName")
}

fn is_waiting_for_address(service: &Service) -> bool {
    let is_balanced =
        service.spec.as_ref().and_then(|spec| spec.type_.as_deref()) == Some("LoadBalancer");
    let balancer = service.status.as_ref().and_then(|status| status.load_balancer.as_ref());
    is_balanced && balancer.and_then(|balancer| balancer.ingress.as_ref()).is_none_or(Vec::is_empty)
}
