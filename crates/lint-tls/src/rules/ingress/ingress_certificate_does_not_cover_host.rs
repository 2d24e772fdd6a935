use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::ingress::{is_ingress, is_plain, rule_hosts, tls};
use crate::names::{Hosts, Shown};
use crate::served::{Served, served, show};

/// Most comparisons of a host with a name: a limit on hostile input.
const COMPARISONS: usize = 50_000_000;

rule! {
    /// A client that asks for a host and gets a certificate for others hangs up (Go: `x509:
    /// certificate is valid for …, not …`; browsers: `ERR_CERT_COMMON_NAME_INVALID`).
    /// ingress-nginx notices and serves its fake certificate, other controllers serve the wrong
    /// one. A wildcard stands for one label: `*.example.com` covers neither `example.com` nor
    /// `a.b.example.com`. The common name covers nothing.
    ///
    /// It is fine where the Secret in the repository is a stand-in that is replaced in the
    /// cluster. Where several Secrets could be meant, as in overlays, one that covers the host is
    /// enough.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com, "*.shop.example.com"], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls:
    ///   - hosts:
    ///     - shop.example.com
    ///     - api.example.com
    /// #     ^^^^^^^^^^^^^^^ host `api.example.com` of Ingress `shop/web` is not covered by the certificate in Secret `shop/web-tls`, which covers `shop.example.com`, `*.shop.example.com`
    ///     secretName: web-tls
    ///   rules:
    ///   - host: shop.example.com
    ///   - host: api.example.com
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com, api.shop.example.com]
    ///     secretName: web-tls
    ///   rules:
    ///   - host: shop.example.com
    ///   - host: api.shop.example.com
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-certificate-does-not-cover-host",
        summary: "certificate of an Ingress does not cover one of its hosts",
        remedy: "Have the certificate issued again with the host among its subject alternative names, or name the Secret whose certificate has it.",
        severity: High,
        check: Check::Snapshot(check),
        aliases: &["ingress-host-not-covered"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc9525#section-6.3",
            "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut budget = COMPARISONS;
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        for entry in tls(ingress.view) {
            let Some((name, _)) = entry.secret() else { continue };
            let served = served(snapshot, ingress.view.namespace(), name);
            if served.is_empty() {
                continue;
            }
            // Without hosts an entry is for what the rules say.
            let rules = entry.hosts().next().is_none().then(|| rule_hosts(ingress.view));
            for (host, node) in entry.hosts().chain(rules.into_iter().flatten()) {
                let cost: usize = served.iter().map(|each| each.certificate.san.len()).sum();
                budget = budget.saturating_sub(cost.max(1));
                if budget == 0 {
                    let message = format!(
                        "host `{}` and those after it were not compared with certificates: there are too many names",
                        Shown(host)
                    );
                    out.report(ingress.source(), node.span(), message)
                        .object(ingress.path())
                        .severity(Severity::Low);
                    return;
                }
                if is_plain(host) && !served.iter().any(|each| each.certificate.covers_host(host)) {
                    tell(ingress, host, node, &served, out);
                }
            }
        }
    }
}

fn tell(
    ingress: ObjectRef<'_>,
    host: &str,
    node: Node<'_>,
    served: &[Served<'_>],
    out: &mut SnapshotSink<'_>,
) {
    let Some(first) = served.first() else { return };
    let message = format!(
        "host `{}` of {} is not covered by the certificate in {}, which covers {}",
        Shown(host),
        ingress.view.display(),
        first.secret.view.display(),
        Hosts(first.certificate)
    );
    let finding = out.report(ingress.source(), node.span(), message);
    show(finding.object(ingress.path()).field("spec.tls").evidence(host), served);
}
