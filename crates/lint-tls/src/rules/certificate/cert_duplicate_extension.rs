use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// Of two extensions of one kind, one client reads the first and another the second, so that
    /// the two see different names or usages. Go refuses the certificate (`x509: certificate
    /// contains duplicate extensions`), rustls and OpenSSL do for the extensions that they know.
    /// Mostly a configuration adds by hand what the CA's profile adds already.
    ///
    /// ```recipe
    /// double: {names: [shop.example.com], forge: {duplicate: "2.5.29.17"}}
    /// odd: {names: [shop.example.com], extensions: [{oid: 1.3.6.1.4.1.99999.1, der: "0500"}, {oid: 1.3.6.1.4.1.99999.1, der: "0500"}], forge: {duplicate: "2.5.29.15"}}
    /// leaf: {names: [shop.example.com]}
    /// ```
    /// ```pem bad
    /// ${double.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has `subjectAltName` twice, which Go, rustls and OpenSSL refuse
    /// ```
    /// ```pem bad
    /// ${odd.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has `1.3.6.1.4.1.99999.1`, `keyUsage` twice
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-duplicate-extension",
        summary: "an extension appears twice in the certificate",
        remedy: "Have the certificate issued again; take the extension out of the request or out of the CA's profile.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_ext_duplicate_extension",
            "pkilint:pkix.duplicate_extension",
            "x509-parser:validate",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let duplicates = &site.certificate.encoding.duplicates;
    if duplicates.is_empty() {
        return;
    }
    let names: Vec<String> =
        duplicates.iter().take(5).map(|name| format!("`{}`", Shown(name))).collect();
    let message = format!(
        "{} has {} twice, which Go, rustls and OpenSSL refuse",
        Called(site.certificate),
        names.join(", ")
    );
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    if site.bundle.quoted {
        finding.severity(Severity::Medium);
    }
}
