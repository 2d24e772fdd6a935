use std::collections::BTreeSet;

use careen_kube_model::{IntOrString, PodTemplate, field};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::relations::{RELATED, Workloads, selector_of, text};

rule! {
    /// A named `targetPort` is looked up among the ports of the selected pods. Where no container
    /// declares a port of that name, the Service has no endpoints for it and every connection
    /// fails. Numbers are not checked: a container may listen on a port it does not declare.
    ///
    /// ```yaml bad file=deploy/service.yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///   - port: 80
    ///     targetPort: http
    /// #               ^^^^ Service `web` sends port 80 to `http`, which no container
    /// ```
    /// ```yaml bad file=deploy/web.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     ports:
    ///     - {name: web, containerPort: 8080}
    /// ```
    /// ```yaml good file=deploy/service.yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///   - port: 80
    ///     targetPort: http
    /// ```
    /// ```yaml good file=deploy/web.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     ports:
    ///     - {name: http, containerPort: 8080}
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-target-port-not-found",
        summary: "service sends traffic to a port no selected pod declares",
        remedy: "Use the name of a port that the container declares, or declare the port.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        aliases: &["service-target-port-unknown"],
        peers: &["popeye:1101", "popeye:1106"],
        controls: &[control::SERVICE_URLS, control::NETWORK_REACHABLE],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    for service in snapshot.of_kind("Service").filter(|object| object.view.group().is_empty()) {
        let view = service.view;
        let Some(selector) = selector_of(view) else { continue };
        let ports = view.at(&["spec", "ports"]);
        let named: Vec<(Node<'_>, Node<'_>, &str)> = ports
            .iter()
            .flat_map(Node::items)
            .filter_map(|port| {
                let target = field(port, "targetPort")?;
                match IntOrString::of(target)? {
                    IntOrString::String(name) => Some((port, target, name)),
                    IntOrString::Int(_) => None,
                }
            })
            .collect();
        if named.is_empty() {
            continue;
        }
        let Some(selected) = workloads.selected_by(view.namespace(), &selector) else { return };
        if selected.is_empty() {
            continue;
        }
        let declared: BTreeSet<&str> = selected
            .iter()
            .flat_map(|workload| {
                names(workload.pod).chain(workloads.patches(*workload).into_iter().flat_map(names))
            })
            .collect();
        for (port, target, name) in named {
            if declared.contains(name) {
                continue;
            }
            let number = text(port, "port").unwrap_or("?");
            let message = format!(
                "{} sends port {number} to `{name}`, which no container of its pods declares",
                view.display()
            );
            let finding = out.report(service.source(), target.span(), message);
            finding.object(service.path()).field("spec.ports").evidence(name);
            for workload in selected.iter().take(RELATED) {
                let pod = workload.object.view;
                let own: Vec<String> =
                    names(workload.pod).take(RELATED).map(|name| format!("`{name}`")).collect();
                let what = match own.as_slice() {
                    [] => "no named port".to_owned(),
                    own => own.join(", "),
                };
                let message = format!("{} declares {what}", pod.display());
                finding.related(workload.object.source(), pod.name_span(), message);
            }
        }
    }
}

/// The names of the ports that containers declare.
fn names<'a>(pod: PodTemplate<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    pod.containers()
        .filter_map(|container| container.field("ports"))
        .flat_map(|ports| ports.items())
        .filter_map(|port| text(port, "name"))
}
