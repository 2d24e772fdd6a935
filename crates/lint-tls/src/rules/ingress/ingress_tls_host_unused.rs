use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::ingress::{HostSet, TlsEntry, is_ingress, is_plain, rule_hosts, tls};
use crate::names::Shown;

rule! {
    /// A host under `spec.tls` that no rule serves has a certificate and answers 404. Mostly one of
    /// the two was renamed, so that the host people use is the one without TLS. With cert-manager,
    /// the forgotten name is asked for at every renewal, and one name that does not resolve any
    /// more fails the whole certificate.
    ///
    /// It is fine where another Ingress has the rules for the host and shares the Secret.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {cert-manager.io/cluster-issuer: letsencrypt}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com, old.example.com]
    /// #                             ^^^^^^^^^^^^^^^ host `old.example.com` under `spec.tls` of Ingress `shop/web` has no rule
    ///     secretName: web-tls
    ///   rules:
    ///   - host: shop.example.com
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {cert-manager.io/cluster-issuer: letsencrypt}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: web-tls
    ///   rules:
    ///   - host: shop.example.com
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-tls-host-unused",
        summary: "host under the TLS of an Ingress has no rule",
        remedy: "Remove the host from `spec.tls`, or add its rule.",
        severity: Low,
        check: Check::Kind(&["Ingress"], check),
        aliases: &["ingress-tls-host-not-in-rules"],
        controls: &[control::TLS_VALID],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if !is_ingress(view)
        || tls(view).next().is_none()
        || view.at(&["spec", "defaultBackend"]).is_some()
    {
        return;
    }
    let rules = || view.at(&["spec", "rules"]).into_iter().flat_map(|rules| rules.items());
    // A rule without a host serves all of them.
    if rules().count() > rule_hosts(view).count() || rules().next().is_none() {
        return;
    }
    let served: HostSet = rule_hosts(view).map(|(host, _)| host).collect();
    for (host, node) in tls(view).flat_map(TlsEntry::hosts) {
        if is_plain(host) && !served.meets(host) {
            let (host, ingress) = (Shown(host), view.display());
            let message = format!("host `{host}` under `spec.tls` of {ingress} has no rule");
            out.report(node.span(), message).field("spec.tls").evidence(host.0);
        }
    }
}
