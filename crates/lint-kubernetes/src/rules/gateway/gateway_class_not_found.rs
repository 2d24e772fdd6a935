use std::collections::{HashMap, HashSet};

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::gateway::GROUP;
use crate::placeholder::is_placeholder;

rule! {
    /// A Gateway of a class that does not exist is taken up by no controller and gets no address.
    /// It is fine where the controller's chart or the cloud brings the class: a repository without
    /// any GatewayClass is not judged. A GatewayClass of the repository that no Gateway names is
    /// told too, since one of the two names is usually wrong.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: GatewayClass
    /// metadata: {name: edge}
    /// #                ^^^^ GatewayClass `edge` is used by no Gateway of the repository
    /// spec: {controllerName: example.com/gateway}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: web}
    /// spec:
    ///   gatewayClassName: egde
    /// #                   ^^^^ Gateway `web` is of class `egde`, which is not in the repository
    ///   listeners:
    ///   - {name: http, protocol: HTTP, port: 80}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: GatewayClass
    /// metadata: {name: edge}
    /// spec: {controllerName: example.com/gateway}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: web}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - {name: http, protocol: HTTP, port: 80}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-class-not-found",
        summary: "gateway is of a class that does not exist",
        remedy: "Name a GatewayClass that the controller supplies in `gatewayClassName`.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["popeye:407", "popeye:400"],
        controls: &[control::DNS_LOAD_BALANCER],
        references: &["https://gateway-api.sigs.k8s.io/api-types/gatewayclass/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let of_kind =
        |kind| snapshot.of_kind(kind).filter(|object: &ObjectRef<'_>| object.view.group() == GROUP);
    let mut classes: HashMap<&str, ObjectRef<'_>> = HashMap::new();
    for class in of_kind("GatewayClass").filter(|class| !class.view.name().is_empty()) {
        classes.entry(class.view.name()).or_insert(class);
    }
    if classes.is_empty() {
        return;
    }
    let mut used = HashSet::new();
    let mut any = false;
    for gateway in of_kind("Gateway") {
        let Some(node) = gateway.view.at(&["spec", "gatewayClassName"]) else { continue };
        let Some(name) = node.text() else { continue };
        any = true;
        used.insert(name);
        if classes.contains_key(name) || is_placeholder(name) {
            continue;
        }
        let message = format!(
            "{} is of class `{name}`, which is not in the repository",
            gateway.view.display()
        );
        out.report(gateway.source(), node.span(), message)
            .object(gateway.path())
            .field("spec.gatewayClassName")
            .evidence(name);
    }
    // A repository of classes alone leaves the Gateways to others.
    if !any {
        return;
    }
    for class in of_kind("GatewayClass").filter(|class| !class.view.name().is_empty()) {
        let name = class.view.name();
        let is_first =
            classes.get(name).is_some_and(|first| first.view.object == class.view.object);
        if is_first && !used.contains(name) {
            let message =
                format!("{} is used by no Gateway of the repository", class.view.display());
            out.report(class.source(), class.view.name_span(), message)
                .object(class.path())
                .severity(Severity::Info)
                .confidence(Confidence::Low);
        }
    }
}
