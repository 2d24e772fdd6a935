//! What Prometheus is told to scrape, and the `job` labels that come of it.

use std::collections::BTreeSet;

use careen_kube_model::{Container, ObjectView, field};
use careen_model::monitors::{Found, GROUP, Labelled, Monitor};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use crate::body::{Body, Role, bodies};
use crate::place::pods;
use crate::servers::Server;

/// Where VictoriaMetrics and Google have objects of the same form.
const SERVICE_MONITORS: [(&str, &str); 2] =
    [(GROUP, "ServiceMonitor"), ("operator.victoriametrics.com", "VMServiceScrape")];
const POD_MONITORS: [(&str, &str); 4] = [
    (GROUP, "PodMonitor"),
    ("operator.victoriametrics.com", "VMPodScrape"),
    ("monitoring.googleapis.com", "PodMonitoring"),
    ("monitoring.googleapis.com", "ClusterPodMonitoring"),
];
/// Scrape configurations that are read.
const CONFIGS_MAX: usize = 5_000;

/// Jobs of the cluster itself, which are scraped by whoever runs Prometheus.
const PLATFORM: [&str; 22] = [
    "alertmanager",
    "apiserver",
    "cadvisor",
    "coredns",
    "etcd",
    "grafana",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-dns",
    "kube-etcd",
    "kube-proxy",
    "kube-prometheus-stack-alertmanager",
    "kube-prometheus-stack-prometheus",
    "kube-scheduler",
    "kube-state-metrics",
    "kubelet",
    "kubernetes-apiservers",
    "kubernetes-nodes",
    "kubernetes-pods",
    "node-exporter",
    "prometheus",
    "prometheus-operator",
];

/// The jobs that a repository scrapes.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    names: BTreeSet<String>,
    /// Whether anything is scraped at all.
    declared: bool,
    /// Whether there are more, whose names nothing in the repository tells.
    open: bool,
}

impl Jobs {
    /// Whether nothing scrapes a job of that name.
    pub(crate) fn lacks(&self, job: &str) -> bool {
        self.declared && !self.open && !self.names.contains(job) && !PLATFORM.contains(&job)
    }

    /// The jobs there are.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Collects the jobs of a repository.
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let mut jobs = Self::default();
        jobs.read_service_monitors(snapshot);
        for object in of_kinds(snapshot, &POD_MONITORS) {
            let default = |name: &str| match object.view.group() {
                GROUP | "operator.victoriametrics.com" => {
                    Some(format!("{}/{name}", object.view.namespace()?))
                }
                _ => Some(name.to_owned()),
            };
            let labelled = object.view.at(&["spec", "jobLabel"]).is_some();
            jobs.add(default(object.view.name()).filter(|_| !labelled));
            jobs.read_relabelings(object.view, &["spec", "podMetricsEndpoints"]);
        }
        for (kind, prefix) in [("Probe", "probe"), ("ScrapeConfig", "scrapeConfig")] {
            let objects = snapshot.of_kind(kind).filter(|object| object.view.group() == GROUP);
            for view in objects.map(|object| object.view) {
                let named = view.at(&["spec", "jobName"]).and_then(|node| node.text());
                let default = || Some(format!("{prefix}/{}/{}", view.namespace()?, view.name()));
                jobs.add(named.map(str::to_owned).or_else(default));
            }
        }
        let configured = jobs.read_configurations(snapshot);
        let annotated = || pods(snapshot).any(|(_, pod)| is_asked(pod.annotations().get(SCRAPE)));
        jobs.open |= !configured && annotated();
        jobs.open |= OPEN.iter().any(|kind| snapshot.of_kind(kind).next().is_some());
        jobs
    }

    fn add(&mut self, job: Option<String>) {
        self.declared = true;
        match job {
            Some(job) => drop(self.names.insert(job)),
            None => self.open = true,
        }
    }

    fn read_service_monitors(&mut self, snapshot: &Snapshot) {
        let services = snapshot.of_kind("Service").filter(|found| found.view.group().is_empty());
        let services = services.map(|service| (service, service.view.labels()));
        let mut services = Labelled::of(snapshot, services);
        for object in of_kinds(snapshot, &SERVICE_MONITORS) {
            let label = object.view.at(&["spec", "jobLabel"]).and_then(|node| node.text());
            let found = Monitor::read(object.view).map(|monitor| services.found(&monitor));
            let Some(Found::Objects(found)) = found else {
                self.add(None);
                continue;
            };
            if found.is_empty() {
                self.add(None);
            }
            for service in found {
                let labelled = label.and_then(|label| service.view.labels().get(label));
                self.add(Some(labelled.unwrap_or(service.view.name()).to_owned()));
            }
            self.read_relabelings(object.view, &["spec", "endpoints"]);
        }
    }

    /// Jobs that relabelings give.
    fn read_relabelings(&mut self, view: ObjectView<'_>, endpoints: &[&str]) {
        let endpoints = view.at(endpoints);
        for endpoint in endpoints.iter().flat_map(Node::items) {
            for key in ["relabelings", "metricRelabelings"] {
                let list = field(endpoint, key);
                for item in list.iter().flat_map(Node::items) {
                    self.read_relabeling(item, "targetLabel");
                }
            }
        }
    }

    fn read_relabeling(&mut self, item: Node<'_>, target: &str) {
        if field(item, target).and_then(|node| node.text()) == Some("job") {
            let given = field(item, "replacement").and_then(|node| node.text());
            self.add(given.filter(|job| !job.contains('$')).map(str::to_owned));
        }
    }

    /// Reads configurations of Prometheus; tells whether there is one.
    fn read_configurations(&mut self, snapshot: &Snapshot) -> bool {
        let mut any = false;
        for body in snapshot.files().iter().flat_map(bodies) {
            for config in configurations(&body) {
                any = true;
                self.add(field(config, "job_name").and_then(|node| node.text()).map(str::to_owned));
                let list = field(config, "relabel_configs");
                for item in list.iter().flat_map(Node::items) {
                    self.read_relabeling(item, "target_label");
                }
            }
        }
        any
    }
}

/// Kinds that scrape what nothing here tells.
const OPEN: [&str; 6] = [
    "HelmRelease",
    "HelmChart",
    "Application",
    "ApplicationSet",
    "OpenTelemetryCollector",
    "GrafanaAgent",
];

/// The annotation that asks for a scrape.
pub(crate) const SCRAPE: &str = "prometheus.io/scrape";

/// Whether an annotation says yes.
pub(crate) fn is_asked(value: Option<&str>) -> bool {
    value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Objects of these groups and kinds.
fn of_kinds<'a>(
    snapshot: &'a Snapshot,
    kinds: &'static [(&'static str, &'static str)],
) -> impl Iterator<Item = ObjectRef<'a>> {
    kinds.iter().flat_map(move |(group, kind)| {
        snapshot.of_kind(kind).filter(move |object| object.view.group() == *group)
    })
}

fn configurations<'b>(body: &'b Body<'_>) -> impl Iterator<Item = Node<'b>> {
    let root = body.root().filter(|_| body.role == Role::Scrapes);
    let list = root.and_then(|root| field(root, "scrape_configs"));
    list.into_iter().flat_map(|list| list.items()).take(CONFIGS_MAX)
}

/// What scrapes pods, for asking about one workload after the other.
#[derive(Debug)]
pub(crate) struct Scrapers<'a> {
    services: Vec<(Monitor<'a>, ObjectRef<'a>)>,
    pods: Vec<(Monitor<'a>, ObjectRef<'a>)>,
    /// Texts that name targets or what is kept of those found in the cluster.
    targets: Vec<String>,
    /// Whether some configuration takes every pod or endpoint it finds.
    everything: bool,
}

impl<'a> Scrapers<'a> {
    /// Collects what scrapes.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let read = |object: ObjectRef<'a>| Some((Monitor::read(object.view)?, object));
        let mut scrapers = Self {
            services: of_kinds(snapshot, &SERVICE_MONITORS).filter_map(read).collect(),
            pods: of_kinds(snapshot, &POD_MONITORS).filter_map(read).collect(),
            targets: Vec::new(),
            everything: false,
        };
        for object in of_kinds(snapshot, &[(GROUP, "ScrapeConfig"), (GROUP, "Probe")]) {
            scrapers.note(object.view.spec());
        }
        for body in snapshot.files().iter().flat_map(bodies) {
            for config in configurations(&body) {
                scrapers.note(Some(config));
            }
        }
        scrapers
    }

    fn note(&mut self, config: Option<Node<'_>>) {
        let Some(config) = config else { return };
        let mut discovers = false;
        let mut keeps = false;
        const VISITED: usize = 2_000;
        for visit in config.walk().take(VISITED) {
            let Some(text) = visit.node.text() else { continue };
            discovers |= matches!(
                text,
                "pod"
                    | "Pod"
                    | "endpoints"
                    | "Endpoints"
                    | "EndpointSlice"
                    | "endpointslice"
                    | "service"
                    | "Service"
            );
            keeps |= matches!(text, "keep" | "Keep" | "keepequal" | "KeepEqual");
            self.targets.push(text.to_owned());
        }
        self.everything |= discovers && !keeps;
    }

    /// Whether something scrapes the workload.
    pub(crate) fn reach(&self, server: &Server<'_>) -> bool {
        let namespace = server.object.view.namespace();
        let by_pod = self.pods.iter().any(|(monitor, object)| {
            let anywhere = object.view.kind() == "ClusterPodMonitoring";
            (anywhere || monitor.looks_in(namespace))
                && monitor.selector.matches(server.pod.labels())
        });
        let by_service = || {
            server.services.iter().any(|service| {
                let found = |(monitor, _): &(Monitor<'_>, _)| {
                    monitor.looks_in(service.view.namespace())
                        && monitor.selector.matches(service.view.labels())
                };
                self.services.iter().any(found)
            })
        };
        let annotated = || {
            let services = server.services.iter().map(|service| service.view.annotations());
            let mut all = services.chain([server.pod.annotations()]);
            all.any(|annotations| {
                [SCRAPE, "k8s.grafana.com/scrape"].iter().any(|key| is_asked(annotations.get(key)))
            })
        };
        self.everything || by_pod || by_service() || annotated() || self.is_target(server)
    }

    /// Whether a target or what is kept names the workload, such as `api.shop.svc:8080`.
    fn is_target(&self, server: &Server<'_>) -> bool {
        let names = server.names();
        self.targets.iter().any(|target| {
            let words = target.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
            words.into_iter().any(|word| names.contains(&word))
        })
    }
}

/// Whether the pods send their metrics themselves, so that nobody has to scrape them.
pub(crate) fn is_pushing(server: &Server<'_>) -> bool {
    let annotations = server.pod.annotations();
    let injected = annotations.iter().any(|annotation| {
        annotation.key.starts_with("instrumentation.opentelemetry.io/inject-")
            || annotation.key.starts_with("ad.datadoghq.com/")
    });
    injected
        || server.pod.containers().flat_map(Container::env).any(|variable| {
            matches!(
                variable.name,
                "OTEL_EXPORTER_OTLP_ENDPOINT"
                    | "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"
                    | "DD_AGENT_HOST"
            )
        })
}

#[cfg(test)]
mod tests {
    use careen_model::{Snapshot, parse};
    use careen_text::Source;

    use super::Jobs;

    fn jobs(text: &str) -> Jobs {
        Jobs::of(&Snapshot::new(vec![parse(Source::new("a.yaml", text), "a.yaml")]))
    }

    const SERVICE: &str = "
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web, team: sales}}
---
apiVersion: monitoring.coreos.com/v1
";

    #[test]
    fn monitors_give_jobs() {
        let head = |kind: &str, spec: &str| {
            format!(
                "{SERVICE}kind: {kind}\nmetadata: {{name: m, namespace: shop}}\nspec: {{{spec}}}\n"
            )
        };
        let select = "selector: {matchLabels: {app: web}}";
        for (kind, spec, job) in [
            ("ServiceMonitor", select.to_owned(), "web"),
            ("ServiceMonitor", format!("{select}, jobLabel: team"), "sales"),
            (
                "ServiceMonitor",
                format!(
                    "{select}, endpoints: [{{relabelings: [{{targetLabel: job, replacement: x}}]}}]"
                ),
                "x",
            ),
            ("PodMonitor", select.to_owned(), "shop/m"),
            ("Probe", String::new(), "probe/shop/m"),
            ("Probe", "jobName: ping".to_owned(), "ping"),
            ("ScrapeConfig", String::new(), "scrapeConfig/shop/m"),
        ] {
            let jobs = jobs(&head(kind, &spec));
            assert!(!jobs.lacks(job), "{kind} {spec}: {jobs:?}");
            assert!(jobs.lacks("other") && !jobs.lacks("kubelet"), "{kind} {spec}: {jobs:?}");
        }
    }

    #[test]
    fn nothing_is_lacking_where_some_jobs_are_unknown() {
        let head = |kind: &str, spec: &str| {
            format!(
                "{SERVICE}kind: {kind}\nmetadata: {{name: m, namespace: shop}}\nspec: {{{spec}}}\n"
            )
        };
        for (kind, spec) in [
            ("ServiceMonitor", "selector: {matchLabels: {app: elsewhere}}"),
            ("PodMonitor", "selector: {}, jobLabel: app"),
            ("PrometheusRule", "groups: []"),
            ("HelmRelease", ""),
        ] {
            assert!(!jobs(&head(kind, spec)).lacks("other"), "{kind} {spec}");
        }
    }
}
