//! Do all names that lead out of the cluster have an address?
//!
//! A Service without a selector has the addresses that somebody gave it. A Service of type ExternalName
//! has a name alone, and what DNS makes of it is no object of the cluster.

use std::net::IpAddr;

use k8s_openapi::api::core::v1::ServiceSpec;

use super::network::{Backends, is_selecting};
use crate::answer::{Answer, count};
use crate::cluster::{Cluster, Name, word};

pub(crate) fn ask(cluster: &Cluster) -> Answer {
    let backends = Backends::of(cluster);
    let mut answer = Answer::needing(cluster, &["Service"]);
    let (mut names, mut addresses) = (0, 0);
    for (name, service) in &cluster.services {
        let Some(spec) = &service.spec else { continue };
        if spec.type_.as_deref() == Some("ExternalName") {
            names += 1;
            ask_name(cluster, name, spec, &mut answer);
        } else if !is_selecting(service) && !is_api_server(name) {
            addresses += 1;
            if backends.known && backends.of_service(name) == 0 {
                answer.problem("Service", name, "has no selector and no address");
            }
        }
    }
    if addresses > 0 {
        answer.missing.extend(backends.missing());
    }
    if names > 0 {
        answer.missing.push("DNS");
    }
    let words = [
        count(names, "Service of type ExternalName", "Services of type ExternalName"),
        count(addresses, "Service without a selector", "Services without selectors"),
    ];
    answer.told(names + addresses, &words)
}

/// What can be told of a name without asking for it.
fn ask_name(cluster: &Cluster, name: &Name, spec: &ServiceSpec, answer: &mut Answer) {
    let target = spec.external_name.as_deref().unwrap_or_default();
    let shown = word(target);
    if target.is_empty() {
        answer.problem("Service", name, "is of type ExternalName and names nothing");
    } else if target.parse::<IpAddr>().is_ok() {
        let what = format!("names the address `{shown}`, which DNS does not resolve");
        answer.problem("Service", name, &what);
    } else if let Some(inside) = inside(target)
        && !cluster.services.contains_key(&inside)
    {
        answer.problem("Service", name, &format!("names Service `{inside}`, which is not there"));
    }
}

/// The Service that a name inside the cluster means.
fn inside(target: &str) -> Option<Name> {
    let (name, rest) = target.trim_end_matches('.').split_once('.')?;
    let namespace =
        rest.strip_suffix(".svc.cluster.local").or_else(|| rest.strip_suffix(".svc"))?;
    (!namespace.contains('.')).then(|| Name::new(namespace, name))
}

/// The Service that the cluster keeps for its own API server.
fn is_api_server(name: &Name) -> bool {
    name.namespace == "default" && name.name == "kubernetes"
}
