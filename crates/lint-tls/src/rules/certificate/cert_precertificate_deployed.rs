use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// A precertificate is what a CA sends to transparency logs before it issues: the same names
    /// and dates with a poison extension that makes every client refuse it, by design. Search
    /// engines for certificates list it beside the real one, and whoever downloads the wrong of
    /// the two deploys a certificate that no client accepts.
    ///
    /// It is fine as data of a program that reads logs.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Public CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, extensions: [{oid: 1.3.6.1.4.1.11129.2.4.3, critical: true, der: "0500"}]}
    /// real: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is a precertificate, which every client refuses
    /// ```
    /// ```pem good
    /// ${real.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-precertificate-deployed",
        summary: "certificate is a precertificate, made for transparency logs",
        remedy: "Take the certificate that the CA delivered, which has the same serial number and no poison extension.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_precert_with_sct_list",
            "pkilint:cabf.serverauth.subscriber.precert_poison_extension_present",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc6962#section-3.1"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if !certificate.is_precertificate() {
        return;
    }
    let also = match certificate.timestamps() {
        Some(_) => "; that it holds timestamps of logs contradicts it",
        None => "",
    };
    let message =
        format!("{} is a precertificate, which every client refuses{also}", Called(certificate));
    out.report(site.item.place, message).evidence(evidence(certificate));
}
