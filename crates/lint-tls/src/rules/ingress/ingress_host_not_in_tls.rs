use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::ingress::{HostSet, TlsEntry, is_ingress, is_plain, rule_hosts, tls};
use crate::names::Shown;

rule! {
    /// TLS is on for some hosts of the Ingress and not for this one: over HTTPS it gets the
    /// controller's default certificate, which browsers refuse, and ingress-nginx does not redirect
    /// it from plain HTTP either. Mostly a host was added to the rules and forgotten under
    /// `spec.tls`.
    ///
    /// It is fine where the controller has a default certificate that covers the host. An entry of
    /// `spec.tls` without hosts may stand for all of them; then nothing is said.
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
    ///   - {hosts: [shop.example.com], secretName: web-tls}
    ///   rules:
    ///   - host: shop.example.com
    ///   - host: api.example.com
    /// #         ^^^^^^^^^^^^^^^ host `api.example.com` of Ingress `shop/web` is in no entry of `spec.tls`
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
    ///   - {hosts: [shop.example.com, "*.shop.example.com"], secretName: web-tls}
    ///   rules:
    ///   - host: shop.example.com
    ///   - host: api.shop.example.com
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-host-not-in-tls",
        summary: "host of an Ingress is in no entry of its TLS",
        remedy: "Add the host under `spec.tls`, to the entry whose certificate covers it.",
        severity: Medium,
        check: Check::Kind(&["Ingress"], check),
        aliases: &["ingress-rule-host-not-in-tls-hosts"],
        peers: &["kyverno:ingress-host-match-tls"],
        controls: &[control::TLS_ENABLED],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if !is_ingress(view) {
        return;
    }
    let for_all = tls(view).any(|entry| entry.hosts().next().is_none());
    if tls(view).next().is_none() || for_all {
        return;
    }
    let listed: HostSet = tls(view).flat_map(TlsEntry::hosts).map(|(host, _)| host).collect();
    for (host, node) in rule_hosts(view) {
        if is_plain(host) && !listed.lists(host) {
            let (host, ingress) = (Shown(host), view.display());
            let message = format!("host `{host}` of {ingress} is in no entry of `spec.tls`");
            out.report(node.span(), message).field("spec.tls").evidence(host.0);
        }
    }
}
