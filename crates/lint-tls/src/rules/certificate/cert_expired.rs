use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::date::{Date, Span};
use crate::names::{Called, evidence};
use crate::validity::Validity;
use crate::{CertificateSite, Check, Role};

rule! {
    /// Every client refuses an expired certificate: browsers show a full-page warning that HSTS
    /// takes the way past away from, Go says `x509: certificate has expired or is not yet valid`,
    /// and health checks over HTTPS take the pods out of service. Kubernetes does not look at
    /// dates: it takes an expired Secret, and ingress-nginx goes on serving it.
    ///
    /// In a repository an expired certificate is often a copy that something else has long
    /// replaced. Then it should go: the next `kubectl apply` brings it back. It is fine where the
    /// expiry is what is tested. Members of chains and CA bundles have rules of their own. In
    /// programs and documentation, where a certificate is rarely deployed, the finding is milder;
    /// in `tls.crt` of a Secret it is critical.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, not_before: -100d, not_after: -11d}
    /// fresh: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` expired on 2026-11-20, 11 days ago
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// stringData:
    ///   tls.crt: |
    ///     ${leaf.crt}
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` expired on 2026-11-20
    /// ```
    /// ```pem good
    /// ${fresh.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-expired",
        summary: "certificate has expired",
        remedy: "Replace the certificate, and let something renew it, such as cert-manager; remove copies that nothing uses.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "istioctl:IST0161",
            "kics:certificate_has_expired",
            "testssl:cert_expirationStatus",
            "certigo:verify",
            "limbo:rfc5280::validity",
        ],
        aliases: &["layer-certificate-expired"],
        security: true,
        cwe: &[298],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5",
            "https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets",
        ],
    }
}

fn check(site: &CertificateSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    // Key stores and kubeconfigs have rules of their own.
    let ours = matches!(site.role, Role::Served | Role::Client | Role::Unknown)
        && site.item.entry.is_none()
        && !site.bundle.is_in_kubeconfig();
    if !ours || Validity::of(certificate, context.now) != Validity::Expired {
        return;
    }
    let (end, ago) = (certificate.not_after, context.now.saturating_sub(certificate.not_after));
    let message = format!("{} expired on {}, {} ago", Called(certificate), Date(end), Span(ago));
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if site.bundle.quoted {
        finding.severity(Severity::Medium);
    } else if site.role == Role::Served && site.bundle.object().is_some() {
        finding.severity(Severity::Critical);
    }
}
