use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::KeyUsage;

use crate::names::{Called, evidence, has_host};
use crate::roots::is_of_others;
use crate::{CertificateSite, Check};

const AUTHORITY_KEY: &str = "2.5.29.35";
const SUBJECT_KEY: &str = "2.5.29.14";
const KEY_USAGE: &str = "2.5.29.15";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const SUBJECT_ALT_NAME: &str = "2.5.29.17";

rule! {
    /// Python has verified with OpenSSL's `X509_STRICT` by default since 3.13, and `openssl verify
    /// -x509_strict` does. Then a private CA that was fine for years fails with `Missing Authority
    /// Key Identifier`, `Basic Constraints of CA cert not marked critical` or `CA cert does not
    /// include key usage extension`. All of it is asked for by RFC 5280 and left out by short
    /// `openssl` scripts.
    ///
    /// It is fine where no client verifies so strictly. Of public roots and copies of a system's CA
    /// bundle, which nobody here can change, the finding is low. A self-signed certificate of a host
    /// is a chain by itself, which is not verified strictly.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// lax: {ca: true, common_name: Lax CA, not_after: 5y, key_usages: [], forge: {drop: ["2.5.29.14"], replace: [{oid: 2.5.29.19}]}}
    /// nobody: {ca: true, common_name: "", not_after: 5y}
    /// keyless: {names: [shop.example.com], issuer: ca, aki: false}
    /// named: {names: [shop.example.com], issuer: ca, forge: {replace: [{oid: 2.5.29.35, der: "3000"}]}}
    /// orphan: {names: [shop.example.com], issuer: ca, forge: {issuer: "3000"}}
    /// path: {names: [shop.example.com], issuer: ca, forge: {replace: [{oid: 2.5.29.19, critical: true, der: "3003020100"}]}}
    /// below: {ca: true, common_name: Below CA, not_after: 5y, forge: {replace: [{oid: 2.5.29.19, critical: true, der: "30060101ff0201ff"}]}}
    /// blank: {names: [shop.example.com], common_name: "", issuer: ca, forge: {replace: [{oid: 2.5.29.17}]}}
    /// public: {names: [shop.example.com], issuer: ca, public: true, forge: {replace: [{oid: 2.5.29.19}]}}
    /// leaf: {names: [shop.example.com], common_name: "", issuer: ca}
    /// own: {names: [shop.example.com]}
    /// made: {ca: true, names: [shop.example.com], key_usages: []}
    /// ```
    /// ```pem bad file=ca.pem
    /// ${lax.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Lax CA` has basicConstraints that are not critical, no keyUsage, and no subjectKeyIdentifier, which Python ≥ 3.13 refuses
    /// ${nobody.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `nobody` has no subject, which Python ≥ 3.13 refuses
    /// ${below.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Below CA` has a path length below zero, which
    /// ```
    /// ```pem bad
    /// ${keyless.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has no authorityKeyIdentifier, which Python ≥ 3.13 refuses
    /// ${named.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has an authorityKeyIdentifier without keyIdentifier, which Python ≥ 3.13 refuses
    /// ${orphan.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has no issuer, which
    /// ${path.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a path length though it is no CA's, which
    /// ```
    /// ```pem bad
    /// ${blank.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has neither a subject nor a critical subjectAltName, which
    /// ${public.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has basicConstraints that are not critical, which the rules for public CAs forbid
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    /// ```pem good file=own.pem
    /// ${own.crt}
    /// ${made.crt}
    /// ```
    /// ```pem good file=ca.pem
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-strict-profile-violation",
        summary: "certificate fails strict verification, the default of Python 3.13",
        remedy: "Issue it again with the extensions that RFC 5280 asks for: `basicConstraints=critical`, `keyUsage=critical`, `subjectKeyIdentifier=hash`, `authorityKeyIdentifier=keyid:always`.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_basic_constraints_not_critical",
            "zlint:e_sub_cert_basic_constraints_not_critical",
            "zlint:e_ext_authority_key_identifier_no_key_identifier",
            "zlint:e_ext_subject_key_identifier_missing_ca",
            "zlint:e_ca_key_usage_missing",
            "zlint:e_root_ca_key_usage_present",
            "zlint:e_ca_subject_field_empty",
            "zlint:e_issuer_field_empty",
            "zlint:e_path_len_constraint_improperly_included",
            "zlint:e_path_len_constraint_zero_or_less",
            "zlint:e_ext_san_not_critical_without_subject",
            "pkilint:pkix.basic_constraints_extension_not_critical",
            "pkilint:pkix.authority_key_identifier_extension_absent",
            "pkilint:pkix.authority_key_identifier_keyid_missing",
            "pkilint:pkix.certificate_skid_ca_missing",
            "pkilint:pkix.ca_certificate_no_ku_extension",
            "pkilint:pkix.name_empty",
            "pkilint:pkix.basic_constraints_has_pathlen_for_non_ca",
            "pkilint:pkix.san_extension_not_critical_empty_subject",
            "limbo:rfc5280::aki",
            "limbo:rfc5280::ski",
            "limbo:rfc5280::ca-empty-subject",
            "limbo:pathlen",
            "openssl:-x509_strict",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://docs.python.org/3/library/ssl.html#ssl.VERIFY_X509_STRICT",
            "https://docs.openssl.org/master/man1/openssl-verification-options/",
        ],
    }
}

/// What is violated, with whether only the rules for public CAs ask for it.
type Violations = Vec<(&'static str, bool)>;

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    // Of older versions another rule speaks.
    if certificate.version < 3 {
        return;
    }
    // OpenSSL is strict with chains of two or more.
    if certificate.self_issued && has_host(certificate) {
        return;
    }
    let mut violations = Violations::new();
    if certificate.is_ca() {
        authority(site, &mut violations);
    } else {
        end_entity(site, &mut violations);
    }
    both(site, &mut violations);
    let (words, public_only) = match violations.as_slice() {
        [] => return,
        [(only, public)] => ((*only).to_owned(), *public),
        [rest @ .., (last, public)] => {
            let words: Vec<&str> = rest.iter().map(|(words, _)| *words).collect();
            let public = *public && rest.iter().all(|(_, public)| *public);
            (format!("{}, and {last}", words.join(", ")), public)
        }
    };
    let who = if public_only {
        "which the rules for public CAs forbid"
    } else {
        "which Python ≥ 3.13 refuses"
    };
    let message = format!("{} has {words}, {who}", Called(certificate));
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if site.bundle.quoted || is_of_others(site) {
        finding.severity(Severity::Low);
    }
}

fn authority(site: &CertificateSite<'_>, violations: &mut Violations) {
    let certificate = site.certificate;
    if certificate.basic_constraints.is_some_and(|constraints| !constraints.critical) {
        violations.push(("basicConstraints that are not critical", false));
    }
    if certificate.extension(KEY_USAGE).is_none() {
        violations.push(("no keyUsage", false));
    }
    if certificate.extension(SUBJECT_KEY).is_none() {
        violations.push(("no subjectKeyIdentifier", false));
    }
    if certificate.encoding.subject_is_empty {
        violations.push(("no subject", false));
    }
    let signs = certificate.key_usage.is_some_and(KeyUsage::key_cert_sign);
    if certificate.encoding.has_path_len && !signs {
        violations.push(("a path length without keyCertSign", false));
    }
}

fn end_entity(site: &CertificateSite<'_>, violations: &mut Violations) {
    let certificate = site.certificate;
    if certificate.encoding.has_path_len && !certificate.encoding.path_len_negative {
        violations.push(("a path length though it is no CA's", false));
    }
    let constraints = certificate.extension(BASIC_CONSTRAINTS);
    if site.is_public() && constraints.is_some_and(|constraints| !constraints.critical) {
        violations.push(("basicConstraints that are not critical", true));
    }
    let names_critical = || certificate.extension(SUBJECT_ALT_NAME).is_some_and(|it| it.critical);
    if certificate.encoding.subject_is_empty && !names_critical() {
        violations.push(("neither a subject nor a critical subjectAltName", false));
    }
}

fn both(site: &CertificateSite<'_>, violations: &mut Violations) {
    let certificate = site.certificate;
    if certificate.encoding.issuer_is_empty && !certificate.self_issued {
        violations.push(("no issuer", false));
    }
    if certificate.encoding.path_len_negative {
        violations.push(("a path length below zero", false));
    }
    if certificate.authority_key_id.is_none() {
        let anchor = certificate.self_issued && certificate.is_ca();
        let there = certificate.extension(AUTHORITY_KEY).is_some();
        // The last certificate of a chain needs none.
        if !certificate.self_issued {
            violations.push(if there {
                ("an authorityKeyIdentifier without keyIdentifier", false)
            } else {
                ("no authorityKeyIdentifier", false)
            });
        } else if site.is_public() && !anchor {
            violations.push(("no authorityKeyIdentifier", true));
        }
    }
}
