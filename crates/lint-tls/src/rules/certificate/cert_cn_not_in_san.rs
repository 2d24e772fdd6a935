use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, Hosts, Shown, evidence, is_host};
use crate::{CertificateSite, Check};

rule! {
    /// People and old tools read the common name; clients read subjectAltName alone. A host that
    /// stands in the one and not in the other looks covered and is not: the certificate passes a
    /// review and fails the first connection.
    ///
    /// It is fine where the name is a label for people; say so with a suppression, or make it one
    /// that is no host.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {common_name: shop.example.com, names: [www.shop.example.com], issuer: ca}
    /// both: {common_name: shop.example.com, names: [shop.example.com, www.shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `www.shop.example.com` has the common name `shop.example.com`, but covers `www.shop.example.com`
    /// ```
    /// ```pem good
    /// ${both.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-cn-not-in-san",
        summary: "common name of the certificate is a host that it does not cover",
        remedy: "Have the certificate issued again with the common name among its subject alternative names.",
        severity: Low,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_subject_common_name_not_from_san",
            "zlint:e_subject_common_name_not_exactly_from_san",
            "pkilint:cabf.serverauth.subscriber_common_name_unknown_source",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc9525#section-2"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if certificate.san.is_empty() || !site.is_server() {
        return;
    }
    let stray = |name: &&String| is_host(name) && !certificate.covers_host(name);
    if let Some(name) = certificate.common_names.iter().find(stray) {
        let message = format!(
            "{} has the common name `{}`, but covers {}",
            Called(certificate),
            Shown(name),
            Hosts(certificate)
        );
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}
