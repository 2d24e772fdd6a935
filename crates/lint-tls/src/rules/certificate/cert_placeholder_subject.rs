use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::names::{Called, Shown, evidence};
use crate::subject::placeholder;
use crate::{CertificateSite, Check, Role};

rule! {
    /// The subject is what a tool writes where nobody answered its questions: `Internet Widgits
    /// Pty Ltd` of OpenSSL, `Acme Co` of Go's example, Traefik's and ingress-nginx's own stand-in
    /// certificates, snake oil. Such a certificate was made for a first try and reached the
    /// repository; nobody knows its key's history, and clients trust it only because verification
    /// was turned off.
    ///
    /// It is fine in tests and examples, where the finding is milder. Debian's snake oil has the
    /// machine's name for a subject; it is known by the name of its file.
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
    /// ```pem bad file=ssl-cert-snakeoil.pem
    /// ${sound.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` in `ssl-cert-snakeoil.pem` is the stand-in of Debian's ssl-cert by its name
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
    let name = site.bundle.name;
    let message = if let Some((mark, value)) = placeholder(&site.certificate.subject) {
        let (value, by) = (Shown(&value), &mark.by);
        format!("subject of the certificate has `{value}`, the stand-in of {by}")
    } else if name.to_ascii_lowercase().contains("snakeoil") {
        let (called, name) = (Called(site.certificate), Shown(name));
        format!("{called} in `{name}` is the stand-in of Debian's ssl-cert by its name")
    } else {
        return;
    };
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    if site.bundle.quoted || matches!(site.role, Role::Trust | Role::Member) {
        finding.severity(Severity::Low);
    }
}
