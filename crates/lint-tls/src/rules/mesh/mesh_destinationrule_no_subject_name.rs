use std::collections::BTreeSet;

use careen_kube_model::strings;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::mesh::{NETWORKING, TlsSettings, destination_rules, tls_settings};
use crate::names::Shown;

rule! {
    /// The CA says who may issue certificates, not who the server is. Without `subjectAltNames`
    /// any certificate of that CA is taken: with a public CA that is everybody who owns a domain,
    /// with a company's CA every other service of the company. Current releases of Istio compare
    /// the name of the request's host by themselves for HTTP; for TCP, and in older releases,
    /// nothing is compared.
    ///
    /// It is fine for HTTP in a current Istio, and where a ServiceEntry for the host has the
    /// names, which is seen.
    ///
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   host: billing.example.com
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE
    ///       caCertificates: /etc/ssl/certs/ca-certificates.crt
    /// #                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DestinationRule `shop/billing` takes any certificate of this CA for `billing.example.com`
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   host: billing.example.com
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE
    ///       caCertificates: /etc/ssl/certs/ca-certificates.crt
    ///       subjectAltNames: [billing.example.com]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: mail, namespace: shop}
    /// spec:
    ///   host: mail.example.com
    ///   trafficPolicy: {tls: {mode: MUTUAL, credentialName: mail-client}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: mail, namespace: shop}
    /// spec:
    ///   hosts: [mail.example.com]
    ///   subjectAltNames: [mail.example.com]
    ///   ports: [{number: 465, name: tls, protocol: TLS}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-destinationrule-no-subject-name",
        summary: "DestinationRule takes any certificate of its CA",
        remedy: "List the names that the server's certificate has in `subjectAltNames`.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        security: true,
        cwe: &[297],
        controls: &[control::TLS_VALID],
        references: &[
            "https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut known = None;
    for rule in destination_rules(snapshot) {
        let view = rule.view;
        let Some(host) = view.at(&["spec", "host"]).and_then(|host| host.text()) else { continue };
        for tls in tls_settings(rule).filter(TlsSettings::originates) {
            if tls.names_subjects() || tls.skips_verification().is_some() {
                continue;
            }
            let authority = tls.text("caCertificates").or_else(|| tls.text("credentialName"));
            let Some((_, node)) = authority else { continue };
            if known.get_or_insert_with(|| named_hosts(snapshot)).contains(host) {
                continue;
            }
            let message = format!(
                "{} takes any certificate of this CA for `{}`",
                view.display(),
                Shown(host)
            );
            out.report(rule.source(), node.span(), message)
                .object(rule.path())
                .field("spec.trafficPolicy.tls.subjectAltNames")
                .evidence(host);
        }
    }
}

/// The hosts of ServiceEntries that say the names of their certificates.
fn named_hosts(snapshot: &Snapshot) -> BTreeSet<&str> {
    let entries = snapshot.of_kind("ServiceEntry").filter(|entry| {
        let names = entry.view.at(&["spec", "subjectAltNames"]);
        entry.view.group() == NETWORKING
            && names.is_some_and(|names| names.items().next().is_some())
    });
    let hosts = entries.filter_map(|entry| entry.view.at(&["spec", "hosts"]));
    hosts.flat_map(strings).map(|(host, _)| host).collect()
}
