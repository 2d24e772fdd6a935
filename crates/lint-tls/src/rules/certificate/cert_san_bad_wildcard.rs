use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::dns_name::{dns_names, is_sound_wildcard};
use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// A wildcard works in one form only: an asterisk that is the whole left-most label, which
    /// stands for exactly one label (RFC 9525). `web*.example.com`, `api.*.example.com`,
    /// `*.*.example.com` and a bare `*` are matched by no browser, by neither Go nor rustls; older
    /// OpenSSL takes some of them, so that it works on one machine and fails on the next.
    ///
    /// It is fine nowhere. List the names, or let the wildcard be the first label.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// part: {names: ["web*.example.com"], issuer: ca}
    /// inner: {names: [shop.example.com, "api.*.example.com"], issuer: ca}
    /// bare: {names: ["*"], issuer: ca}
    /// sound: {names: ["*.example.com"], issuer: ca}
    /// ```
    /// ```pem bad file=a.pem
    /// ${part.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `web*.example.com` has the wildcard `web*.example.com`, which no client matches
    /// ```
    /// ```pem bad file=b.pem
    /// ${inner.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the wildcard `api.*.example.com`, which no client matches
    /// ```
    /// ```pem bad file=c.pem
    /// ${bare.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `*` has the wildcard `*`, which no client matches
    /// ```
    /// ```pem good
    /// ${sound.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-san-bad-wildcard",
        summary: "wildcard of the certificate is not its whole left-most label",
        remedy: "Have the certificate issued again with the wildcard as the whole first label, or with every host by name.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_dnsname_left_label_wildcard_correct",
            "zlint:e_dnsname_wildcard_only_in_left_label",
            "zlint:e_san_bare_wildcard",
            "zlint:e_san_wildcard_not_first",
            "testssl:cert_wildcard",
            "limbo:webpki::san",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc9525#section-6.3"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let common = certificate.common_names.iter().map(String::as_str);
    let common = common.filter(|_| site.is_public_server());
    if let Some(name) = dns_names(certificate).chain(common).find(|name| !is_sound_wildcard(name)) {
        let message = format!(
            "{} has the wildcard `{}`, which no client matches",
            Called(certificate),
            Shown(name)
        );
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}
