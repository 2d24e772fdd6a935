use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::Extension;

use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check, Role};

rule! {
    /// A client must refuse a certificate with a critical extension that it does not process.
    /// OpenSSL processes more of them than rustls, so such a certificate may work with `curl` and
    /// fail in a Rust service; most fail everywhere: `x509: unhandled critical extension`, `x509: authority
    /// key identifier incorrectly marked critical`, `UnsupportedCriticalExtension`. RFC 5280 wants
    /// most of these extensions not to be critical.
    ///
    /// Policy constraints must be critical, and rustls refuses them all the same; they are fine
    /// in a CA whose clients all process them.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// aki: {names: [shop.example.com], issuer: ca, forge: {replace: [{oid: 2.5.29.35, critical: true}]}}
    /// ski: {names: [shop.example.com], issuer: ca, forge: {replace: [{oid: 2.5.29.14, critical: true, der: "04020102"}]}}
    /// aia: {names: [shop.example.com], issuer: ca, extensions: [{oid: 1.3.6.1.5.5.7.1.1, critical: true, der: "301a301806082b06010505073001860c687474703a2f2f6f637370 2f"}]}
    /// crl: {names: [shop.example.com], issuer: ca, extensions: [{oid: 2.5.29.31, critical: true, der: "30133011a00fa00d860b687474703a2f2f63726c2f"}]}
    /// policies: {names: [shop.example.com], issuer: ca, extensions: [{oid: 2.5.29.32, critical: true, der: "300a300806066781 0c010201"}]}
    /// own: {names: [shop.example.com], issuer: ca, extensions: [{oid: 1.3.6.1.4.1.99999.1, critical: true, der: "0500"}]}
    /// inhibit: {ca: true, common_name: Shop CA 2, issuer: ca, extensions: [{oid: 2.5.29.54, critical: true, der: "020100"}]}
    /// leaf: {names: [shop.example.com], issuer: ca, public: true}
    /// poison: {names: [shop.example.com], issuer: ca, extensions: [{oid: 1.3.6.1.4.1.11129.2.4.3, critical: true, der: "0500"}]}
    /// ```
    /// ```pem bad
    /// ${aki.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the critical extension `authorityKeyIdentifier`, which Go, rustls and OpenSSL refuse
    /// ${ski.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the critical extension `subjectKeyIdentifier`, which Go, rustls and OpenSSL refuse
    /// ${aia.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the critical extension `authorityInfoAccess`, which Go, rustls and OpenSSL refuse
    /// ${own.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the critical extension `1.3.6.1.4.1.99999.1`, which Go, rustls and OpenSSL refuse
    /// ```
    /// ```pem bad
    /// ${crl.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the critical extension `cRLDistributionPoints`, which should not be critical
    /// ${policies.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the critical extension `certificatePolicies`, which rustls refuses
    /// ${inhibit.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA 2` has the critical extension `inhibitAnyPolicy`, which rustls refuses
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${poison.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-critical-extension-unsupported",
        summary: "critical extension that clients do not process",
        remedy: "Have the certificate issued again with the extension not critical, or without it.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_ext_aia_marked_critical",
            "zlint:e_sub_cert_aia_marked_critical",
            "zlint:e_sub_ca_aia_marked_critical",
            "zlint:e_ext_authority_key_identifier_critical",
            "zlint:e_ext_subject_key_identifier_critical",
            "zlint:e_sub_cert_crl_distribution_points_marked_critical",
            "zlint:e_sub_ca_crl_distribution_points_marked_critical",
            "zlint:w_ext_crl_distribution_marked_critical",
            "zlint:w_sub_cert_certificate_policies_marked_critical",
            "zlint:w_sub_ca_certificate_policies_marked_critical",
            "zlint:w_ext_ian_critical",
            "zlint:e_ext_freshest_crl_marked_critical",
            "zlint:e_ext_subject_directory_attr_critical",
            "zlint:e_subject_info_access_marked_critical",
            "pkilint:pkix.authority_information_access_extension_critical",
            "pkilint:pkix.authority_key_identifier_critical",
            "pkilint:pkix.certificate_skid_extension_critical",
            "pkilint:pkix.certificate_crldp_extension_critical",
            "pkilint:pkix.subject_information_access_extension_critical",
            "pkilint:pkix.subject_directory_attributes_extension_critical",
            "pkilint:cabf.serverauth.subscriber.critical_certificate_policies_extension",
            "limbo:rfc5280::aki::critical-aki",
            "limbo:rfc5280::ski::critical-ski",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2",
            "https://pkg.go.dev/crypto/x509#Certificate",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let refused = certificate.extensions.iter().filter_map(refusal);
    let Some(refusal) = refused.reduce(|a, b| if b.severity > a.severity { b } else { a }) else {
        return;
    };
    let message = format!(
        "{} has the critical extension `{}`, {}",
        Called(certificate),
        Shown(refusal.name),
        refusal.by
    );
    let severity = match refusal.severity {
        _ if site.is_public() => Severity::High,
        // rustls does not look at the extensions of a trust anchor.
        severity if site.bundle.quoted || site.role == Role::Trust => {
            severity.min(Severity::Medium)
        }
        severity => severity,
    };
    out.report(site.item.place, message).evidence(evidence(certificate)).severity(severity);
}

struct Refusal<'a> {
    name: &'a str,
    by: &'static str,
    severity: Severity,
}

fn refusal(extension: &Extension) -> Option<Refusal<'_>> {
    const EVERYBODY: &str = "which Go, rustls and OpenSSL refuse";
    const RUSTLS: &str = "which rustls refuses";
    if !extension.critical {
        return None;
    }
    let (name, by, severity) = match extension.oid.as_str() {
        // keyUsage, subjectAltName, basicConstraints, nameConstraints and extKeyUsage; and the
        // poison of precertificates, which is critical on purpose: another rule looks at it.
        "2.5.29.15"
        | "2.5.29.17"
        | "2.5.29.19"
        | "2.5.29.30"
        | "2.5.29.37"
        | "1.3.6.1.4.1.11129.2.4.3" => return None,
        "2.5.29.14" => ("subjectKeyIdentifier", EVERYBODY, Severity::High),
        "2.5.29.35" => ("authorityKeyIdentifier", EVERYBODY, Severity::High),
        "2.5.29.31" => ("cRLDistributionPoints", "which should not be critical", Severity::Low),
        "2.5.29.32" => ("certificatePolicies", RUSTLS, Severity::Medium),
        "2.5.29.33" => ("policyMappings", RUSTLS, Severity::Medium),
        "2.5.29.36" => ("policyConstraints", RUSTLS, Severity::Medium),
        "2.5.29.54" => ("inhibitAnyPolicy", RUSTLS, Severity::Medium),
        "2.5.29.9" => ("subjectDirectoryAttributes", EVERYBODY, Severity::High),
        "2.5.29.18" => ("issuerAltName", EVERYBODY, Severity::High),
        "2.5.29.46" => ("freshestCRL", EVERYBODY, Severity::High),
        "1.3.6.1.5.5.7.1.1" => ("authorityInfoAccess", EVERYBODY, Severity::High),
        "1.3.6.1.5.5.7.1.11" => ("subjectInfoAccess", EVERYBODY, Severity::High),
        "1.3.6.1.5.5.7.1.24" => ("TLS feature", EVERYBODY, Severity::High),
        "2.16.840.1.113730.1.1" => {
            ("netscape-cert-type", "which Go and rustls refuse", Severity::High)
        }
        other => (other, EVERYBODY, Severity::High),
    };
    Some(Refusal { name, by, severity })
}
