use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::names::{Shown, evidence};
use crate::subject::placeholder;
use crate::{CertificateSite, Check, Role};

rule! {
    /// The subject is what a tool writes where nobody answered its questions: `Internet Widgits
    /// Pty Ltd` of OpenSSL, `Acme Co` of Go's example, Traefik's and ingress-nginx's own stand-in
    /// certificates, snake oil. Such a certificate was made for a first try and reached the
    /// repository; nobody knows its key's history, and clients trust it only because verification
    /// was turned off.
    ///
    /// It is fine in tests and examples, where the finding is milder.
    ///
    /// ```recipe
    /// widgits: {common_name: shop.example.com, names: [shop.example.com], subject: {O: Internet Widgits Pty Ltd, C: AU}}
    /// traefik: {common_name: TRAEFIK DEFAULT CERT, names: [a.traefik.default]}
    /// sound: {common_name: shop.example.com, names: [shop.example.com], subject: {O: Shop}}
    /// ```
    /// ```pem bad file=a.pem
    /// ${widgits.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ subject of the certificate has `Internet Widgits Pty Ltd`, the stand-in of `openssl req`
    /// ```
    /// ```pem bad file=b.pem
    /// ${traefik.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ subject of the certificate has `TRAEFIK DEFAULT CERT`, the stand-in of Traefik
    /// ```
    /// ```pem good
    /// ${sound.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-placeholder-subject",
        summary: "subject of the certificate is a tool's stand-in",
        remedy: "Replace the certificate by one that was issued for its host by a CA that clients trust.",
        severity: Medium,
        check: Check::Certificate(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://docs.openssl.org/master/man1/openssl-req/",
            "https://kubernetes.github.io/ingress-nginx/user-guide/tls/#default-ssl-certificate",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some((mark, value)) = placeholder(&site.certificate.subject) else { return };
    let message = format!(
        "subject of the certificate has `{}`, the stand-in of {}",
        Shown(&value),
        mark.by
    );
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    if site.bundle.quoted || matches!(site.role, Role::Trust | Role::Member) {
        finding.severity(Severity::Low);
    }
}
