use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;

rule! {
    /// With `publishNotReadyAddresses` the readiness of pods counts for nothing: clients are sent
    /// to pods that start, fail or shut down. It is meant for headless Services by which the
    /// members of a cluster find each other before they are ready; those are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec:
    ///   publishNotReadyAddresses: true
    /// #                           ^^^^ Service `web` sends traffic to pods that are not ready
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web-members}
    /// spec:
    ///   clusterIP: None
    ///   publishNotReadyAddresses: true
    ///   selector: {app: web}
    ///   ports: [{port: 7946}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-not-ready-addresses",
        summary: "service sends traffic to pods that are not ready",
        remedy: "Remove `publishNotReadyAddresses`, or make the Service headless if it is for discovery.",
        severity: Low,
        check: Check::Kind(&["Service"], check),
        confidence: Confidence::High,
        controls: &[control::HEALTH_PROBES, control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#headless-services"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.group().is_empty() {
        return;
    }
    let Some(node) = object.at(&["spec", "publishNotReadyAddresses"]) else { return };
    let address = object.at(&["spec", "clusterIP"]).and_then(|node| node.text());
    let kind = object.at(&["spec", "type"]).and_then(|node| node.text());
    if node.as_bool() == Some(true) && address != Some("None") && kind != Some("ExternalName") {
        let message = format!("{} sends traffic to pods that are not ready", object.display());
        out.report(node.span(), message).field("spec.publishNotReadyAddresses");
    }
}
