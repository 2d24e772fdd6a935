use careen_kube_model::IntOrString;
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Names, RELATED, backends, has_charts, has_port, shown_ports};

rule! {
    /// An Ingress that leads to a Service that does not exist, or to a port the Service does not
    /// have, answers with 503. It is fine where the Service comes from a chart or from another
    /// repository; a repository without any Service is not judged, and the finding weighs less where
    /// the repository installs charts.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: shop
    /// spec:
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - path: /
    ///         pathType: Prefix
    ///         backend:
    ///           service:
    ///             name: web
    ///             port: {number: 8080}
    /// #                          ^^^^ Ingress `shop` sends requests to port `8080` of Service `web`, which it does not have
    ///       - path: /api
    ///         pathType: Prefix
    ///         backend:
    ///           service:
    ///             name: api
    /// #                 ^^^ Ingress `shop` sends requests to Service `api`, which is not in the repository
    ///             port: {number: 80}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   ports:
    ///   - port: 80
    ///     targetPort: 8080
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: shop
    /// spec:
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - path: /
    ///         pathType: Prefix
    ///         backend:
    ///           service:
    ///             name: web
    ///             port: {number: 80}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   ports:
    ///   - port: 80
    ///     targetPort: 8080
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-backend-not-found",
        summary: "ingress leads to a service or port that does not exist",
        remedy: "Name a Service of the Ingress's namespace and one of the Service's ports.",
        severity: Medium,
        check: Check::Snapshot(check),
        fragments: true,
        confidence: Confidence::Medium,
        aliases: &["ingress-backend-missing"],
        peers: &[
            "kube-linter:dangling-ingress",
            "kube-score:ingress-targets-service",
            "kubescape:C-0298",
            "popeye:1401",
            "popeye:1402",
        ],
        controls: &[control::SERVICE_URLS, control::DNS_LOAD_BALANCER],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/"],
    }
}

/// Stands for an action in an annotation of the AWS load balancer controller, not for a port.
const ANNOTATION: &str = "use-annotation";

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let services = Names::of(snapshot, &[("", "Service")]);
    if services.is_empty() {
        return;
    }
    let mut charts = None;
    for ingress in snapshot.of_kind("Ingress") {
        let view = ingress.view;
        if !matches!(view.group(), "networking.k8s.io" | "extensions") {
            continue;
        }
        for backend in backends(view) {
            if matches!(backend.port, Some((IntOrString::String(ANNOTATION), _))) {
                continue;
            }
            let name = backend.name;
            let found: Vec<ObjectRef<'_>> =
                services.all("Service", view.namespace(), name).collect();
            if found.is_empty() {
                let message = format!(
                    "{} sends requests to Service `{name}`, which is not in the repository",
                    view.display()
                );
                let finding = out.report(ingress.source(), backend.name_node.span(), message);
                finding.object(ingress.path()).evidence(name);
                if *charts.get_or_insert_with(|| has_charts(snapshot)) {
                    // The Service may come from a chart.
                    finding.severity(Severity::Low).confidence(Confidence::Low);
                }
                continue;
            }
            let Some((port, node)) = backend.port else { continue };
            if found.iter().any(|service| has_port(*service, port)) {
                continue;
            }
            let port = node.text().unwrap_or_default();
            let message = format!(
                "{} sends requests to port `{port}` of Service `{name}`, which it does not have",
                view.display()
            );
            let finding = out.report(ingress.source(), node.span(), message);
            finding
                .object(ingress.path())
                .severity(Severity::High)
                .confidence(Confidence::High)
                .evidence(format!("{name}:{port}"));
            for service in found.iter().take(RELATED) {
                let message = format!("{} has {}", service.view.display(), shown_ports(*service));
                finding.related(service.source(), service.view.name_span(), message);
            }
        }
    }
}
