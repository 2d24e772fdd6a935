use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::KeyKind;

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// A key whose identifier is `id-RSASSA-PSS` may sign with RSASSA-PSS only. OpenSSL and
    /// GnuTLS know such keys, Go, rustls, BoringSSL and browsers do not, so the handshake fails
    /// there with `unknown public key algorithm` or `no shared signature algorithms`. Mozilla
    /// forbids them to public CAs.
    ///
    /// An ordinary RSA key signs with RSASSA-PSS as well: TLS 1.3 does nothing else. It is fine
    /// between ends of your own that both use OpenSSL.
    ///
    /// ```recipe
    /// only: {names: [shop.example.com], key: rsa2048, forge: {key_algorithm: "300b06092a864886f70d01010a"}}
    /// leaf: {names: [shop.example.com], key: rsa2048}
    /// ```
    /// ```pem bad
    /// ${only.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a key for RSASSA-PSS only, which Go, rustls and browsers do not take
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-rsa-pss-spki",
        summary: "certificate has a key for RSASSA-PSS only",
        remedy: "Make an ordinary RSA key: `openssl genpkey -algorithm RSA` instead of `RSA-PSS`.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_mp_rsassa-pss_in_spki",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc4055#section-1.2",
            "https://www.rfc-editor.org/rfc/rfc8446#section-4.2.3",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let KeyKind::Rsa { pss_only: true, .. } = site.certificate.key.kind else { return };
    let message = format!(
        "{} has a key for RSASSA-PSS only, which Go, rustls and browsers do not take",
        Called(site.certificate)
    );
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    if site.bundle.quoted {
        finding.severity(Severity::Low);
    }
}
