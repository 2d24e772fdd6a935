use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Traffic of the whole cluster to an address in `externalIPs` is sent to this Service, also
    /// when the address belongs to somebody else (CVE-2020-8554): whoever may create Services can
    /// read what others send to that address. Kubernetes has no fix for it. It is fine on bare
    /// metal for addresses that are routed to the nodes, guarded by an admission policy.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   externalIPs:
    ///   - 203.0.113.7
    /// #   ^^^^^^^^^^^ Service `web` takes the traffic to the external address `203.0.113.7`
    ///   ports:
    ///   - port: 80
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   ports:
    ///   - port: 80
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-external-ips",
        summary: "service takes traffic to external addresses",
        remedy: "Remove `externalIPs`; use a load balancer or an Ingress.",
        severity: High,
        check: Check::Kind(&["Service"], check),
        fragments: true,
        security: true,
        cwe: &[441],
        peers: &["trivy:KSV-0108"],
        controls: &[control::NETWORK_POLICIES],
        references: &[
            "https://github.com/kubernetes/kubernetes/issues/97076",
            "https://nvd.nist.gov/vuln/detail/CVE-2020-8554",
        ],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.group().is_empty() {
        return;
    }
    let Some(list) = object.at(&["spec", "externalIPs"]) else { return };
    if let Some((address, node)) = careen_kube_model::strings(list).next() {
        let message =
            format!("{} takes the traffic to the external address `{address}`", object.display());
        out.report(node.span(), message).field("spec.externalIPs").evidence(address);
    }
}
