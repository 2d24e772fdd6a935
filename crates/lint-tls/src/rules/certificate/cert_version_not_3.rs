use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::DefectKind;

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

rule! {
    /// Only version 3 has extensions, and without them a certificate names no host that a client
    /// looks at and no CA says that it is one. rustls refuses such a certificate
    /// (`UnsupportedCertVersion`), Go and browsers find no name in it. Mostly it comes from
    /// `openssl x509 -req` without `-extfile`.
    ///
    /// Old roots of version 1 work as trust anchors and are told with less weight.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// root: {ca: true, common_name: Old Root, not_after: 5y, forge: {version: 1, drop: ["2.5.29.17", "2.5.29.15", "2.5.29.19", "2.5.29.14", "2.5.29.35"]}}
    /// first: {common_name: shop.example.com, names: [shop.example.com], issuer: ca, forge: {version: 1, drop: ["2.5.29.17", "2.5.29.15", "2.5.29.19", "2.5.29.14", "2.5.29.35"]}}
    /// second: {common_name: shop.example.com, names: [shop.example.com], issuer: ca, forge: {version: 2, drop: ["2.5.29.17", "2.5.29.15", "2.5.29.19", "2.5.29.14", "2.5.29.35"]}}
    /// mixed: {names: [shop.example.com], issuer: ca, forge: {version: 1}}
    /// ninth: {names: [shop.example.com], issuer: ca, forge: {version: 9}}
    /// unique: {common_name: shop.example.com, names: [shop.example.com], issuer: ca, forge: {version: 1, unique_ids: "01", drop: ["2.5.29.17", "2.5.29.15", "2.5.29.19", "2.5.29.14", "2.5.29.35"]}}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${first.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is of version 1: rustls refuses it, and Go and browsers find no name in it
    /// ${second.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is of version 2: rustls refuses it, and Go and browsers find no name in it
    /// ${mixed.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is of version 1 and has extensions, which only version 3 may have
    /// ${unique.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is of version 1 and has unique identifiers, which only later versions may have
    /// ${ninth.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is of version 9, which does not exist
    /// ```
    /// ```pem bad file=ca.pem
    /// ${root.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Old Root` is of version 1, which cannot say that it is a CA's
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-version-not-3",
        summary: "certificate is not of version 3",
        remedy: "Have the certificate issued again with extensions: `openssl x509 -req -extfile`, or a CA that writes version 3.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_invalid_certificate_version",
            "zlint:e_cert_extensions_version_not_3",
            "zlint:e_cert_unique_identifier_version_not_2_or_3",
            "pkilint:pkix.certificate_version_is_not_v3",
            "x509-parser:validate",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.1"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let version = certificate.version;
    if version == 3 {
        return;
    }
    let called = Called(certificate);
    let unique = || {
        let mut defects = certificate.encoding.defects.iter();
        defects.any(|defect| defect.kind == DefectKind::UniqueId)
    };
    let message = if version > 3 {
        format!("{called} is of version {version}, which does not exist")
    } else if !certificate.extensions.is_empty() {
        format!(
            "{called} is of version {version} and has extensions, which only version 3 may have"
        )
    } else if version == 1 && unique() {
        format!(
            "{called} is of version 1 and has unique identifiers, which only later versions may have"
        )
    } else if site.role == Role::Trust {
        format!("{called} is of version {version}, which cannot say that it is a CA's")
    } else {
        format!(
            "{called} is of version {version}: rustls refuses it, and Go and browsers find no name in it"
        )
    };
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if site.bundle.quoted || (site.role == Role::Trust && certificate.self_issued) {
        finding.severity(Severity::Medium);
    }
}
