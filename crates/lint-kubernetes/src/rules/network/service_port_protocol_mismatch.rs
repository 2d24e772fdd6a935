use careen_kube_model::{Container, IntOrString, field};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::relations::{RELATED, Workload, Workloads, selector_of, text};

rule! {
    /// A port has a protocol, TCP unless it says otherwise, and a Service finds the port of its
    /// pods by both. A Service for TCP in front of a container that declares the port for UDP has
    /// no endpoints where the port is named, and sends packets that nobody takes where it is a
    /// number. DNS, syslog and game servers are where it happens.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: dns}
    /// spec:
    ///   selector: {app: dns}
    ///   ports:
    ///   - {port: 53, targetPort: dns}
    /// #                          ^^^ Service `dns` sends TCP to port `dns`, which its pods declare for UDP
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: dns, labels: {app: dns}}
    /// spec:
    ///   containers:
    ///   - name: dns
    ///     image: registry.example.com/dns:1.4.0
    ///     ports:
    ///     - {name: dns, containerPort: 5353, protocol: UDP}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: dns}
    /// spec:
    ///   selector: {app: dns}
    ///   ports:
    ///   - {port: 53, targetPort: dns, protocol: UDP}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: dns, labels: {app: dns}}
    /// spec:
    ///   containers:
    ///   - name: dns
    ///     image: registry.example.com/dns:1.4.0
    ///     ports:
    ///     - {name: dns, containerPort: 5353, protocol: UDP}
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-port-protocol-mismatch",
        summary: "service and pod have different protocols for a port",
        remedy: "Set the `protocol` of the Service's port to that of the container's.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::SERVICE_URLS, control::NETWORK_REACHABLE],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#protocol-support"],
    }
}

/// Workloads of one Service whose ports are looked at; a Service has one, in a few overlays.
const LOOKED_AT: usize = 100;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    if !has_other_than_tcp(snapshot) {
        return;
    }
    let mut workloads = None;
    for service in snapshot.of_kind("Service").filter(|object| object.view.group().is_empty()) {
        let view = service.view;
        let Some(selector) = selector_of(view) else { continue };
        let Some(ports) = view.at(&["spec", "ports"]) else { continue };
        let workloads = workloads.get_or_insert_with(|| Workloads::of(snapshot));
        let Some(selected) = workloads.selected_by(view.namespace(), &selector) else { return };
        if selected.is_empty() || selected.len() > LOOKED_AT {
            continue;
        }
        for port in ports.items() {
            let Some(target) = field(port, "targetPort").or_else(|| field(port, "port")) else {
                continue;
            };
            let Some(wanted) = IntOrString::of(target) else { continue };
            let protocol = text(port, "protocol").unwrap_or("TCP");
            let Some(declared) = declared(&selected, wanted, protocol) else { continue };
            let shown = target.text().unwrap_or_default();
            let message = format!(
                "{} sends {protocol} to port `{shown}`, which its pods declare for {declared}",
                view.display()
            );
            let finding = out.report(service.source(), target.span(), message);
            finding.object(service.path()).field("spec.ports").evidence(shown);
            if matches!(wanted, IntOrString::Int(_)) {
                // A container may listen on a port that it does not declare.
                finding.severity(Severity::Low).confidence(Confidence::Medium);
            }
            for workload in selected.iter().take(RELATED) {
                let object = workload.object;
                let message = format!("{} declares it", object.view.display());
                finding.related(object.source(), object.view.name_span(), message);
            }
        }
    }
}

/// Whether any Service or container names another protocol than TCP, which most never do.
fn has_other_than_tcp(snapshot: &Snapshot) -> bool {
    let is_other = |port: Node<'_>| text(port, "protocol").is_some_and(|name| name != "TCP");
    let has = |ports: Option<Node<'_>>| ports.iter().flat_map(Node::items).any(is_other);
    snapshot.of_kind("Service").any(|service| has(service.view.at(&["spec", "ports"])))
        || snapshot
            .objects()
            .filter_map(|object| object.view.pod_template())
            .any(|pod| pod.containers().any(|container| has(container.field("ports"))))
}

/// The other protocol for which the pods declare a port, if none declares it for this one.
fn declared<'a>(
    selected: &[Workload<'a>],
    wanted: IntOrString<'_>,
    protocol: &str,
) -> Option<&'a str> {
    let containers = selected.iter().flat_map(|workload| workload.pod.containers());
    let is_wanted = |port: &Node<'a>| match wanted {
        IntOrString::Int(number) => {
            field(*port, "containerPort").and_then(|node| node.as_i64()) == Some(number)
        }
        IntOrString::String(name) => text(*port, "name") == Some(name),
    };
    let mut other = None;
    for port in containers.flat_map(Container::ports).filter(is_wanted) {
        let declared = text(port, "protocol").unwrap_or("TCP");
        if declared == protocol {
            return None;
        }
        other = Some(declared);
    }
    other
}
