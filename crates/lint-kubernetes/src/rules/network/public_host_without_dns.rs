use std::collections::BTreeMap;

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::dns::{Names, public_hosts};
use crate::place::cut;

rule! {
    /// A host that an Ingress or a gateway serves is reached only if the DNS leads to it. Records
    /// made by hand are forgotten when the load balancer changes its address. The rule tells each
    /// public host once that nothing in the repository gives a record.
    ///
    /// What counts: external-dns, as a workload or a chart, for the sources and domains of its
    /// arguments; its annotations on the object; a DNSEndpoint; a record of ACK, Crossplane or Config
    /// Connector. Hosts of a cluster or a private network (`.internal`, `.local`, `.lan`, `.test`)
    /// are left out, and so are OpenShift's Routes, whose router has one record for all. Must be
    /// asked for: zones are often kept elsewhere.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   rules:
    ///   - host: shop.example.com
    /// #         ^^^^^^^^^^^^^^^^ nothing gives host `shop.example.com` of Ingress `shop/web` a DNS record
    ///     http:
    ///       paths:
    ///       - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
    /// ---
    /// apiVersion: externaldns.k8s.io/v1alpha1
    /// kind: DNSEndpoint
    /// metadata: {name: shop, namespace: shop}
    /// spec:
    ///   endpoints:
    ///   - {dnsName: "*.example.com", recordType: CNAME, targets: [lb.example.net]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "public-host-without-dns",
        summary: "nothing gives a public host a DNS record",
        remedy: "Deploy external-dns, or declare the record.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::DNS_LOAD_BALANCER],
        references: &["https://kubernetes-sigs.github.io/external-dns/latest/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut hosts = public_hosts(snapshot).peekable();
    if hosts.peek().is_none() {
        return;
    }
    let names = Names::of(snapshot);
    let mut told: BTreeMap<&str, (ObjectRef<'_>, Span)> = BTreeMap::new();
    for (object, host, node) in hosts {
        if !names.lead_to(object.view, host) {
            told.entry(host).or_insert((object, node.span()));
        }
    }
    for (host, (object, span)) in told {
        let shown = cut(host);
        let message =
            format!("nothing gives host `{shown}` of {} a DNS record", object.view.display());
        out.report(object.source(), span, message).object(object.path()).evidence(shown);
    }
}
