use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::{ConstraintDefect, ConstraintKind};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

const NAME_CONSTRAINTS: &str = "2.5.29.30";

rule! {
    /// nameConstraints keep a CA to its own names, if clients read them. Where they are not
    /// critical, a client that does not know them lets every name pass; where they are empty or
    /// name no domain (`*.example.com`, a URL), they constrain nothing, or every chain below the
    /// CA breaks (`x509: … unhandled critical extension`, `x509: cannot parse dnsName
    /// constraint`). In a certificate that is no CA's they have no meaning.
    ///
    /// A directoryName is fine where only OpenSSL, Java and Windows verify.
    ///
    /// ```recipe
    /// loose: {ca: true, common_name: Loose CA, not_after: 5y, permitted: [example.com], forge: {replace: [{oid: 2.5.29.30, der: "3011a00f300d820b6578616d706c652e636f6d"}]}}
    /// empty: {ca: true, common_name: Empty CA, not_after: 5y, extensions: [{oid: 2.5.29.30, critical: true, der: "3000"}]}
    /// star: {ca: true, common_name: Star CA, not_after: 5y, permitted: ["*.example.com"]}
    /// url: {ca: true, common_name: URL CA, not_after: 5y, extensions: [{oid: 2.5.29.30, critical: true, der: "3016a01430128610687474703a2f2f6578616d706c652f70"}]}
    /// mask: {ca: true, common_name: Mask CA, not_after: 5y, extensions: [{oid: 2.5.29.30, critical: true, der: "300ea00c300a87080a000000ff00ff00"}]}
    /// least: {ca: true, common_name: Least CA, not_after: 5y, extensions: [{oid: 2.5.29.30, critical: true, der: "3014a0123010820b6578616d706c652e636f6d800101"}]}
    /// most: {ca: true, common_name: Most CA, not_after: 5y, extensions: [{oid: 2.5.29.30, critical: true, der: "3014a0123010820b6578616d706c652e636f6d810103"}]}
    /// number: {ca: true, common_name: Number CA, not_after: 5y, extensions: [{oid: 2.5.29.30, critical: true, der: "3009a0073005 8803 2a0304"}]}
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y, permitted: [example.com, 10.0.0.0/8], excluded: [.internal]}
    /// leaf: {names: [shop.example.com], issuer: ca, extensions: [{oid: 2.5.29.30, critical: true, der: "3011a00f300d820b6578616d706c652e636f6d"}]}
    /// plain: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad file=ca.pem
    /// ${loose.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Loose CA` has nameConstraints that are not critical, so that clients may pass over them
    /// ${empty.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Empty CA` has nameConstraints with neither permitted nor excluded names
    /// ${star.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Star CA` has nameConstraints with `*.example.com`, which is no domain
    /// ${url.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `URL CA` has nameConstraints with the URI constraint `http://example/p`, which is no full name
    /// ${mask.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Mask CA` has nameConstraints with an iPAddress that is no address and mask
    /// ${least.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Least CA` has nameConstraints with a `minimum` other than 0
    /// ${most.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Most CA` has nameConstraints with a `maximum`
    /// ${number.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Number CA` has nameConstraints with a registeredID, which no TLS client processes
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has nameConstraints, but is no CA's
    /// ```
    /// ```pem good file=ca.pem
    /// ${ca.crt}
    /// ```
    /// ```pem good
    /// ${plain.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-name-constraints-invalid",
        summary: "nameConstraints that constrain nothing or break chains",
        remedy: "Issue the CA again with critical nameConstraints of plain domains (`example.com`) and networks.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_ext_name_constraints_not_critical",
            "zlint:e_ext_name_constraints_not_in_ca",
            "zlint:e_name_constraint_empty",
            "zlint:e_name_constraint_maximum_not_absent",
            "zlint:e_name_constraint_minimum_non_zero",
            "zlint:e_name_constraint_not_fqdn",
            "zlint:w_sub_ca_name_constraints_not_critical",
            "pkilint:pkix.certificate_name_constraints_extension_not_critical",
            "pkilint:pkix.name_constraints_in_ee_certificate",
            "pkilint:pkix.name_constraints_no_subtrees",
            "pkilint:pkix.name_constraints_maximum_specified",
            "pkilint:pkix.name_constraints_non_default_minimum",
            "pkilint:pkix.ip_address_name_constraint_invalid_cidr",
            "limbo:rfc5280::nc",
        ],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let Some(extension) = certificate.extension(NAME_CONSTRAINTS) else { return };
    let defects = &certificate.encoding.constraints;
    let grave = || defects.iter().find(|defect| defect.kind != ConstraintKind::Directory);
    let called = Called(certificate);
    let (message, severity) = if certificate.is_leaf() {
        (format!("{called} has nameConstraints, but is no CA's"), Severity::Medium)
    } else if let Some(defect) = grave() {
        let message =
            format!("{called} has nameConstraints with {}{}", defect.words, consequence(defect));
        (message, Severity::Medium)
    } else if !extension.critical {
        let message = format!(
            "{called} has nameConstraints that are not critical, so that clients may pass over them"
        );
        (message, Severity::Medium)
    } else if let Some(defect) = defects.first() {
        let message = format!(
            "{called} has critical nameConstraints with {}, which Go does not process: it refuses what the CA issues",
            defect.words
        );
        (message, Severity::Low)
    } else {
        return;
    };
    let severity = if site.bundle.quoted { severity.min(Severity::Low) } else { severity };
    out.report(site.item.place, message).evidence(evidence(certificate)).severity(severity);
}

fn consequence(defect: &ConstraintDefect) -> &'static str {
    match defect.kind {
        ConstraintKind::Form => ", which no TLS client processes",
        ConstraintKind::Network => ", which Go refuses",
        ConstraintKind::Minimum | ConstraintKind::Maximum => ", which clients refuse or pass over",
        _ => "",
    }
}
