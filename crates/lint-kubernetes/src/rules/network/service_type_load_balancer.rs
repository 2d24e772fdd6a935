use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::exposure::is_open;

rule! {
    /// Most clouds give a LoadBalancer Service a public address, so that the Service is open to
    /// the internet without the Ingress's TLS and authentication. It is fine for the Ingress
    /// controller itself and for Services that are meant to be public. Internal load balancers, by
    /// the annotation of the cloud, and Services with `loadBalancerSourceRanges` are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: LoadBalancer
    /// #       ^^^^^^^^^^^^ Service `web` gets a load balancer that is open to all addresses
    ///   ports:
    ///   - port: 80
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: LoadBalancer
    ///   loadBalancerSourceRanges: [203.0.113.0/24]
    ///   ports:
    ///   - port: 80
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: admin
    ///   annotations:
    ///     networking.gke.io/load-balancer-type: Internal
    /// spec:
    ///   type: LoadBalancer
    ///   ports:
    ///   - port: 80
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-type-load-balancer",
        summary: "service gets a load balancer that is open to all addresses",
        remedy: "Set `loadBalancerSourceRanges`, ask for an internal load balancer, or put the Service behind an Ingress.",
        severity: Low,
        check: Check::Kind(&["Service"], check),
        aliases: &["load-balancer-source-ranges-missing"],
        fragments: true,
        security: true,
        cwe: &[668],
        peers: &[
            "kube-linter:exposed-services",
            "kics:service_with_external_load_balancer",
            "popeye:1103",
        ],
        controls: &[control::DNS_LOAD_BALANCER, control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.group().is_empty() {
        return;
    }
    let Some(node) = object.at(&["spec", "type"]) else { return };
    if node.text() == Some("LoadBalancer") && is_open(object) {
        let message =
            format!("{} gets a load balancer that is open to all addresses", object.display());
        out.report(node.span(), message).field("spec.type");
    }
}
