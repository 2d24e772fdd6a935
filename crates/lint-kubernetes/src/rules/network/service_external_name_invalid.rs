use std::net::IpAddr;

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;

rule! {
    /// A Service of type ExternalName is an alias in DNS, and an alias leads to a name. An IP
    /// address is taken for a name that nobody has, and an address with a scheme or a port is
    /// refused. Connections to the Service then fail at the lookup.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: database}
    /// spec:
    ///   type: ExternalName
    ///   externalName: 192.0.2.5
    /// #               ^^^^^^^^^ Service `database` is an alias for `192.0.2.5`, which is an IP address
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: database}
    /// spec:
    ///   type: ExternalName
    ///   externalName: database.example.com
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-external-name-invalid",
        summary: "service is an alias for something that is no name",
        remedy: "Use a DNS name; for an address, use a Service without a selector and an EndpointSlice.",
        severity: High,
        check: Check::Kind(&["Service"], check),
        confidence: Confidence::High,
        fragments: true,
        controls: &[control::SERVICE_URLS, control::EXTERNAL_SERVICES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#externalname"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.group().is_empty() {
        return;
    }
    let Some(node) = object.at(&["spec", "externalName"]) else { return };
    let Some(name) = node.text().filter(|name| !name.is_empty() && !is_placeholder(name)) else {
        return;
    };
    let why = if name.parse::<IpAddr>().is_ok() {
        "an IP address"
    } else if name.contains("://") || name.contains('/') {
        "a URL"
    } else if name.contains(':') {
        "a name with a port"
    } else {
        return;
    };
    let shown = crate::place::cut(name);
    let message = format!("{} is an alias for `{shown}`, which is {why}", object.display());
    out.report(node.span(), message).field("spec.externalName");
}
