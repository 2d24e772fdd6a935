use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::exposure::{Exposure, is_open};
use crate::relations::{RELATED, Workload, text};

rule! {
    /// Dashboards and consoles of tools that run code or hold data, such as the Kubernetes
    /// dashboard, Argo Workflows, Jenkins or phpMyAdmin, are looked for all over the internet, and
    /// several come without a login. A Service of type NodePort or LoadBalancer puts one within
    /// reach. It is fine for a load balancer that is internal or limited to source ranges.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: ci}
    /// spec:
    ///   type: LoadBalancer
    /// #       ^^^^^^^^^^^^ Service `ci` opens the console of `jenkins` to the outside
    ///   selector: {app: ci}
    ///   ports: [{port: 80, targetPort: 8080}]
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: ci, labels: {app: ci}}
    /// spec:
    ///   containers: [{name: ci, image: docker.io/jenkins/jenkins:2.504.1}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: ci}
    /// spec:
    ///   selector: {app: ci}
    ///   ports: [{port: 80, targetPort: 8080}]
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: ci, labels: {app: ci}}
    /// spec:
    ///   containers: [{name: ci, image: docker.io/jenkins/jenkins:2.504.1}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "sensitive-interface-exposed",
        summary: "console of a sensitive tool is reachable from outside",
        remedy: "Make the Service ClusterIP, and reach it by an Ingress with a login or by `kubectl port-forward`.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        security: true,
        cwe: &[668, 306],
        peers: &["kubescape:C-0021"],
        controls: &[control::NETWORK_POLICIES, control::DNS_LOAD_BALANCER],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"],
        options: &[RuleOption {
            name: "interfaces",
            kind: OptionKind::Words,
            summary: "Names of further tools, as the last part of their images; the built-in ones always count.",
        }],
    }
}

/// Tools by the last part of their image or by the name of the Service.
const TOOLS: &[&str] = &[
    "adminer",
    "airflow",
    "alertmanager",
    "argo-server",
    "argocd-server",
    "argocli",
    "centraldashboard",
    "dashboard-web",
    "flower",
    "hubble-ui",
    "jenkins",
    "jupyterhub",
    "jupyterlab",
    "kafka-ui",
    "kiali",
    "kubernetes-dashboard",
    "kubernetes-dashboard-web",
    "kube-ops-view",
    "longhorn-ui",
    "mlflow",
    "ml-pipeline-ui",
    "mongo-express",
    "nifi",
    "octant",
    "pgadmin4",
    "phpmyadmin",
    "phpredisadmin",
    "polynote",
    "portainer",
    "portainer-ce",
    "portainer-ee",
    "prometheus",
    "prometheus-deployment",
    "redis-commander",
    "rook-ceph-mgr-dashboard",
    "tekton-dashboard",
    "weave-scope-app",
    "zeppelin",
];

/// The longest name that does not tell a tool by itself.
const SHORT: usize = 6;

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let more = context.options.words(RULE.meta.id, "interfaces");
    let mut exposure = None;
    for service in snapshot.of_kind("Service").filter(|object| object.view.group().is_empty()) {
        let Some(node) = service.view.at(&["spec", "type"]) else { continue };
        let is_open = match node.text() {
            Some("NodePort") => true,
            Some("LoadBalancer") => is_open(service.view),
            _ => false,
        };
        if !is_open {
            continue;
        }
        let exposure = exposure.get_or_insert_with(|| Exposure::of(snapshot));
        let behind = exposure.behind(service);
        let Some((tool, workload)) = tool(service, &behind, more) else { continue };
        let message =
            format!("{} opens the console of `{tool}` to the outside", service.view.display());
        let finding = out.report(service.source(), node.span(), message);
        finding.object(service.path()).field("spec.type").evidence(tool);
        for workload in workload.iter().take(RELATED) {
            let object = workload.object;
            let message = format!("{} runs it", object.view.display());
            finding.related(object.source(), object.view.name_span(), message);
        }
    }
}

/// The tool that a Service is in front of, and the workload that runs it: by the image of a main
/// container, else by the Service's own name.
fn tool<'a>(
    service: ObjectRef<'a>,
    behind: &[Workload<'a>],
    more: &'a [String],
) -> Option<(&'a str, Option<Workload<'a>>)> {
    let known = |name: &str| {
        let own = TOOLS.iter().copied().find(|tool| *tool == name);
        own.or_else(|| more.iter().map(String::as_str).find(|tool| *tool == name))
    };
    for workload in behind {
        for container in workload.pod.containers() {
            let Some(image) = text(container.node, "image").filter(|_| container.is_long_running())
            else {
                continue;
            };
            if let Some(tool) = known(last_part(image)) {
                return Some((tool, Some(*workload)));
            }
        }
    }
    let label = service.view.labels().get("app.kubernetes.io/name");
    // Short names are words that Services of other things have too.
    let named = known(service.view.name()).or_else(|| label.and_then(known));
    named.filter(|tool| tool.len() > SHORT).map(|tool| (tool, None))
}

/// `jenkins` of `docker.io/jenkins/jenkins:2.504@sha256:…`.
fn last_part(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or_default();
    let last = image.rsplit('/').next().unwrap_or_default();
    last.split(':').next().unwrap_or_default()
}
