use std::collections::BTreeSet;

use careen_kube_model::{ObjectView, field, path};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::hosts::Port;
use crate::relations::{Answer, Mentions, Names, RELATED, ServiceNames};

rule! {
    /// A variable, an argument or a setting calls a Service at a port that the Service does not
    /// have, often that of the container behind it. Connections wait until they time out.
    ///
    /// A URL without a port is taken to call that of its scheme. Services without an address of
    /// their own and single pods have every port and are not judged.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// data:
    ///   app.yaml: |
    ///     orders:
    ///       url: http://orders.shop.svc:8080/v1
    /// #                 ^^^^^^^^^^^^^^^ `app.yaml` of ConfigMap `shop/web` calls port 8080 of Service `shop/orders`, which has only 80
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: orders
    ///   namespace: shop
    /// spec:
    ///   selector: {app: orders}
    ///   ports:
    ///   - port: 80
    ///     targetPort: 8080
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// data:
    ///   app.yaml: |
    ///     orders:
    ///       url: http://orders.shop.svc/v1
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: orders
    ///   namespace: shop
    /// spec:
    ///   selector: {app: orders}
    ///   ports:
    ///   - port: 80
    ///     targetPort: 8080
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-host-port-not-found",
        summary: "configuration calls a port that the Service does not have",
        remedy: "Call the Service at a `port` of its own, or add the port to the Service.",
        severity: Medium,
        check: Check::Snapshot(check),
        fragments: true,
        confidence: Confidence::High,
        controls: &[control::SERVICE_URLS, control::ENV_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/"],
    }
}

/// Ports of a Service that a message names.
const SHOWN: usize = 5;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let services = Names::of(snapshot, &[("", "Service")]);
    let mentions = Mentions::of(snapshot);
    if services.is_empty() {
        return;
    }
    let known = ServiceNames::of(snapshot);
    for mention in mentions.iter().filter(|mention| !mention.pod) {
        let Some(port) = mention.port else { continue };
        let namespace = mention.namespace.as_deref();
        let Answer::Services(found) = known.answer(&services, namespace, &mention.service) else {
            continue;
        };
        let Some(ports) = ports(&found) else { continue };
        if ports.contains(&i64::from(port.number())) {
            continue;
        }
        let (Some(site), Some(first)) = (mention.site(snapshot), found.first()) else { continue };
        let (who, number, service) = (&site.who, port.number(), first.view.display());
        let mut message = format!("{who} calls port {number} of {service}, which has only ");
        for (at, port) in ports.iter().take(SHOWN).enumerate() {
            message.push_str(if at > 0 { ", " } else { "" });
            message.push_str(&port.to_string());
        }
        if ports.len() > SHOWN {
            message.push_str(", …");
        }
        let finding = out.report(site.object.source(), site.span, message);
        finding.object(site.path).evidence(format!("{}:{number}", mention.service));
        // The namespace may be another one, and a client may not take the port of the scheme.
        let certain = namespace.is_some() && matches!(port, Port::Written(_));
        if !certain {
            finding.confidence(Confidence::Medium);
        }
        for object in found.iter().take(RELATED) {
            let message = format!("{} has no port {number}", object.view.display());
            finding.related(object.source(), object.view.name_span(), message);
        }
    }
}

/// The ports of Services of one name taken together; none where one has every port or they are not
/// all known.
fn ports(services: &[ObjectRef<'_>]) -> Option<BTreeSet<i64>> {
    let mut ports = BTreeSet::new();
    for view in services.iter().map(|service| service.view) {
        if has_every_port(view) {
            return None;
        }
        for port in view.at(&["spec", "ports"]).iter().flat_map(Node::items) {
            ports.insert(field(port, "port")?.as_i64()?);
        }
    }
    (!ports.is_empty()).then_some(ports)
}

fn has_every_port(service: ObjectView<'_>) -> bool {
    let is = |key, value| {
        path(service.root(), &["spec", key]).and_then(|node| node.text()) == Some(value)
    };
    is("clusterIP", "None") || is("type", "ExternalName")
}
