//! Public hosts, and what gives them records in the DNS.

use careen_kube_model::{ObjectView, field};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use crate::gateway;
use crate::hostname;
use crate::program;
use crate::relations::{Workloads, text};

/// Hosts and records of one repository that are read.
const MOST: usize = 20_000;
/// Ends of hosts that no public DNS knows.
const PRIVATE: [&str; 11] = [
    ".arpa",
    ".cluster.local",
    ".corp",
    ".home",
    ".internal",
    ".intranet",
    ".invalid",
    ".lan",
    ".local",
    ".localhost",
    ".test",
];
/// Domains whose names lead to the address in them.
const WITH_ADDRESS: [&str; 3] = [".nip.io", ".sslip.io", ".xip.io"];

/// The public hosts of Ingresses, gateways and their routes, with the objects.
pub(crate) fn public_hosts(
    snapshot: &Snapshot,
) -> impl Iterator<Item = (ObjectRef<'_>, &str, Node<'_>)> {
    let ingresses = snapshot
        .of_kind("Ingress")
        .filter(|object| matches!(object.view.group(), "networking.k8s.io" | "extensions"))
        .flat_map(|object| {
            let rules = object.view.at(&["spec", "rules"]);
            let rules = rules.into_iter().flat_map(|rules| rules.items());
            rules.filter_map(move |rule| Some((object, field(rule, "host")?)))
        });
    let gateways = gateway::LISTENING
        .iter()
        .flat_map(|kind| snapshot.of_kind(kind))
        .filter(|object| gateway::is_listening(object.view))
        .flat_map(|object| {
            gateway::listeners(object.view)
                .filter_map(move |listener| Some((object, field(listener.node, "hostname")?)))
        });
    let routes = gateway::routes(snapshot)
        .flat_map(|object| gateway::hostnames(object.view).map(move |(_, node)| (object, node)));
    let found = ingresses.chain(gateways).chain(routes).take(MOST);
    found.filter_map(|(object, node)| {
        let host = node.text()?;
        is_public(host).then_some((object, host, node))
    })
}

fn is_public(host: &str) -> bool {
    let ends = |ends: &[&str]| ends.iter().any(|end| host.ends_with(end));
    hostname::problem(host).is_none()
        && !hostname::is_variable(host)
        && host.trim_start_matches("*.").contains('.')
        && !ends(&PRIVATE)
        && !ends(&WITH_ADDRESS)
}

/// What external-dns looks at.
struct ExternalDns<'a> {
    /// Its `--source`s; none for a chart, which reads Ingresses and Services, or what its values say.
    sources: Vec<&'a str>,
    /// Its `--domain-filter`s.
    domains: Vec<&'a str>,
}

/// What gives hosts their records.
pub(crate) struct Names<'a> {
    controllers: Vec<ExternalDns<'a>>,
    records: Vec<&'a str>,
}

impl<'a> Names<'a> {
    /// Of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut controllers: Vec<ExternalDns<'a>> = charts(snapshot).collect();
        for workload in Workloads::of(snapshot).iter() {
            for container in workload.pod.containers() {
                if program::runs(container, &["external-dns"]).is_none() {
                    continue;
                }
                let words: Vec<&'a str> = container.words().map(|(word, _)| word).collect();
                let of = |flag: &str| {
                    words.iter().filter_map(|word| word.strip_prefix(flag)).collect::<Vec<_>>()
                };
                let (sources, domains) = (of("--source="), of("--domain-filter="));
                controllers.push(ExternalDns { sources, domains });
            }
        }
        Self { controllers, records: records(snapshot).take(MOST).collect() }
    }

    /// Whether something gives the host of an object a record.
    pub(crate) fn lead_to(&self, object: ObjectView<'_>, host: &str) -> bool {
        let annotated = object.annotations().iter().any(|annotation| {
            annotation.key.starts_with("external-dns.alpha.kubernetes.io/")
                || annotation.key.starts_with("external-dns.kubernetes.io/")
        });
        annotated
            || self.controllers.iter().any(|controller| controller.reads(object, host))
            || self.records.iter().any(|record| covers(record, host))
    }
}

impl ExternalDns<'_> {
    fn reads(&self, object: ObjectView<'_>, host: &str) -> bool {
        let wanted = match object.kind() {
            "Ingress" => "ingress",
            "HTTPRoute" => "gateway-httproute",
            "GRPCRoute" => "gateway-grpcroute",
            "TLSRoute" => "gateway-tlsroute",
            "TCPRoute" => "gateway-tcproute",
            "UDPRoute" => "gateway-udproute",
            // A listener gets its record by the routes that attach to it.
            _ => "gateway-",
        };
        let host = host.trim_start_matches("*.");
        (self.sources.is_empty() || self.sources.iter().any(|source| source.starts_with(wanted)))
            && (self.domains.is_empty()
                || self.domains.iter().any(|domain| {
                    let rest = host.strip_suffix(domain.trim_start_matches('.'));
                    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                }))
    }
}

/// The releases of external-dns as a chart.
fn charts(snapshot: &Snapshot) -> impl Iterator<Item = ExternalDns<'_>> {
    let paths: [(&str, &[&str]); 3] = [
        ("HelmRelease", &["spec", "chart", "spec", "chart"]),
        ("HelmChart", &["spec", "chart"]),
        ("Application", &["spec", "source", "chart"]),
    ];
    let releases = paths.into_iter().flat_map(move |(kind, keys)| {
        let found = snapshot.of_kind(kind);
        found.filter(move |object| {
            let chart = object.view.at(keys).and_then(|node| node.text());
            chart.is_some_and(|chart| chart.rsplit('/').next() == Some("external-dns"))
        })
    });
    let kustomized = snapshot.of_kind("Kustomization").filter(|object| {
        let charts = field(object.view.root(), "helmCharts");
        let mut charts = charts.into_iter().flat_map(|charts| charts.items());
        charts.any(|chart| text(chart, "name") == Some("external-dns"))
    });
    releases.chain(kustomized).map(|object| {
        let values = object.view.at(&["spec", "values"]);
        let list = |key| {
            let list = values.and_then(|values| field(values, key));
            list.into_iter().flat_map(|list| list.items()).filter_map(|item| item.text()).collect()
        };
        ExternalDns { sources: list("sources"), domains: list("domainFilters") }
    })
}

/// The names of records that objects declare.
fn records(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    let endpoints = snapshot.of_kind("DNSEndpoint").flat_map(|object| {
        let list = object.view.at(&["spec", "endpoints"]);
        let items = list.into_iter().flat_map(|list| list.items());
        items.filter_map(|item| text(item, "dnsName"))
    });
    let kinds: [(&str, &[&str]); 6] = [
        ("RecordSet", &["spec", "name"]),
        ("Record", &["spec", "forProvider", "name"]),
        ("ResourceRecordSet", &["spec", "forProvider", "name"]),
        ("DNSRecordSet", &["spec", "name"]),
        ("DNSRecord", &["spec", "name"]),
        ("RecordSet", &["spec", "forProvider", "name"]),
    ];
    let declared = kinds.into_iter().flat_map(move |(kind, keys)| {
        let found = snapshot.of_kind(kind).filter(|object| object.view.group().contains('.'));
        found.filter_map(move |object| object.view.at(keys)?.text())
    });
    endpoints.chain(declared)
}

/// Whether a record, which may be a wildcard, is that of a host. A wildcard stands for one label or
/// more (RFC 4592).
fn covers(record: &str, host: &str) -> bool {
    let record = record.trim_end_matches('.');
    match record.strip_prefix("*.") {
        Some(domain) => {
            host.strip_suffix(domain).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
        }
        None => record == host,
    }
}

#[cfg(test)]
mod tests {
    use super::{covers, is_public};

    #[test]
    fn wildcards_cover_what_is_below() {
        for (record, host, expected) in [
            ("shop.example.com.", "shop.example.com", true),
            ("*.example.com", "shop.example.com", true),
            ("*.example.com", "a.shop.example.com", true),
            ("*.example.com", "*.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "badexample.com", false),
        ] {
            assert_eq!(covers(record, host), expected, "{record} {host}");
        }
    }

    #[test]
    fn some_hosts_are_not_public() {
        assert!(is_public("shop.example.com") && is_public("*.example.com"));
        for host in ["localhost", "shop.internal", "a.127.0.0.1.nip.io", "${HOST}", "10.0.0.1", ""]
        {
            assert!(!is_public(host), "{host}");
        }
    }
}
