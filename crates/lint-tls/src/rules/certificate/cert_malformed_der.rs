use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::{Certificate, Defect, DefectKind};

use crate::names::{Called, evidence};
use crate::roots::is_of_others;
use crate::{CertificateSite, Check};

rule! {
    /// DER leaves one way to write each certificate, and RFC 5280 narrows it further. OpenSSL and
    /// many tools read more than that, so a certificate passes every test on one machine and fails
    /// the handshake on another: Go says `x509: malformed certificate` or `x509: invalid …`, rustls
    /// `BadEncoding`, Java `CertificateParsingException`. The message names what is wrong, and
    /// which clients are known to refuse it.
    ///
    /// Most such certificates come from programs that write certificates by themselves: devices,
    /// old Java code, scripts.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// minutes: {names: [shop.example.com], issuer: ca, forge: {not_before: "2611200000Z"}}
    /// early: {names: [shop.example.com], issuer: ca, forge: {not_after: "20270220000000Z"}}
    /// fraction: {names: [shop.example.com], issuer: ca, forge: {not_after: "20510220000000.5Z"}}
    /// zone: {names: [shop.example.com], issuer: ca, forge: {not_before: "261120010000+0100"}}
    /// boolean: {names: [shop.example.com], issuer: ca, forge: {replace: [{oid: 2.5.29.15, boolean: "01"}]}}
    /// written: {names: [shop.example.com], issuer: ca, forge: {replace: [{oid: 2.5.29.17, boolean: "00"}]}}
    /// usage: {names: [shop.example.com], issuer: ca, forge: {replace: [{oid: 2.5.29.15, critical: true, der: "03020080"}]}}
    /// empty: {names: [shop.example.com], issuer: ca, usages: [server_auth], forge: {replace: [{oid: 2.5.29.37, der: "3000"}]}}
    /// printable: {names: [shop.example.com], issuer: ca, forge: {subject: "3016311430120603550403130b73686f704065782e636f6d"}}
    /// star: {names: [shop.example.com], issuer: ca, forge: {subject: "30153113301106035504031 30a2a2e65782e636f6d2e78"}}
    /// address: {names: [shop.example.com], issuer: ca, forge: {replace: [{oid: 2.5.29.17, der: "301782107368 6f702e6578616d706c652e636f6d87030a0000"}]}}
    /// unique: {names: [shop.example.com], issuer: ca, forge: {unique_ids: "01"}}
    /// padded: {names: [shop.example.com], issuer: ca, forge: {serial: "000102030405060708"}}
    /// long: {names: [shop.example.com], issuer: ca, forge: {long_length: true}}
    /// trailing: {names: [shop.example.com], issuer: ca, forge: {trailing: "0500"}}
    /// broken: {names: [shop.example.com], issuer: ca, forge: {replace: [{oid: 2.5.29.32, der: "020101"}]}}
    /// leaf: {names: [shop.example.com, 10.0.0.1], issuer: ca, usages: [server_auth]}
    /// far: {ca: true, common_name: Far CA, not_after: 60y}
    /// ```
    /// ```pem bad
    /// ${minutes.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has no seconds in notBefore, which OpenSSL and rustls refuse
    /// ${early.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has notAfter as GeneralizedTime, for a year before 2050
    /// ${fraction.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has fractions of a second in notAfter, which OpenSSL, Go and rustls refuse
    /// ${zone.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has no `Z` at the end of notBefore, which OpenSSL and rustls refuse
    /// ```
    /// ```pem bad
    /// ${boolean.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a BOOLEAN that is neither 00 nor FF in keyUsage, which Go, rustls and BoringSSL refuse
    /// ${written.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has `critical` written out as FALSE in subjectAltName
    /// ${usage.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has trailing zero bits in keyUsage
    /// ${empty.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has an empty extKeyUsage
    /// ```
    /// ```pem bad
    /// ${printable.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a PrintableString with `@` in the subject, which Go refuses
    /// ${star.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a PrintableString with `*` in the subject
    /// ${address.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has an iPAddress of 3 bytes in subjectAltName, which Go refuses
    /// ${unique.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has issuerUniqueID, which rustls refuses; and 1 more defect
    /// ```
    /// ```pem bad
    /// ${padded.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has an INTEGER with leading zeros in the serial number, which OpenSSL, Go and BoringSSL refuse
    /// ${long.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a length longer than it need be in the signed part, which Go, rustls and BoringSSL refuse
    /// ${trailing.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has further data at the end of its signed part, which
    /// ${broken.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has an extension certificatePolicies that cannot be read
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    /// ```pem good file=ca.pem
    /// ${far.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-malformed-der",
        summary: "certificate is not written as DER and RFC 5280 demand",
        remedy: "Have the certificate issued again by a CA or library that writes DER; report the defect to whoever made it.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_generalized_time_does_not_include_seconds",
            "zlint:e_generalized_time_includes_fraction_seconds",
            "zlint:e_generalized_time_not_in_zulu",
            "zlint:e_utc_time_does_not_include_seconds",
            "zlint:e_utc_time_not_in_zulu",
            "zlint:e_wrong_time_format_pre2050",
            "zlint:e_basic_constr_invalid_der",
            "zlint:e_cert_ext_invalid_der",
            "zlint:e_incorrect_ku_encoding",
            "zlint:e_superfluous_ku_encoding",
            "zlint:e_key_usage_incorrect_length",
            "zlint:e_ext_cannot_be_empty_sequence",
            "zlint:e_cert_contains_unique_identifier",
            "zlint:e_subject_printable_string_badalpha",
            "pkilint:itu.invalid_asn1_syntax",
            "pkilint:pkix.wrong_time_useful_type",
            "pkilint:pkix.utctime_incorrect_syntax",
            "pkilint:pkix.generalizedtime_incorrect_syntax",
            "pkilint:pkix.invalid_time_syntax",
            "pkilint:pkix.issuer_unique_id_present",
            "pkilint:pkix.subject_unique_id_present",
            "pkilint:pkix.ip_address_wrong_length",
            "limbo:invalid",
            "limbo:rfc5280::validity",
            "x509-parser:validate",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.1",
            "https://www.itu.int/rec/T-REC-X.690",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let defects = &certificate.encoding.defects;
    let graver = || defects.iter().find(|defect| weight(defect) == Severity::High);
    let (message, severity) = match graver().or_else(|| defects.first()) {
        Some(defect) => {
            let mut message =
                format!("{} has {}{}", Called(certificate), defect.words, refused(defect));
            match defects.len() - 1 {
                0 => {}
                1 => message.push_str("; and 1 more defect"),
                more => message.push_str(&format!("; and {more} more defects")),
            }
            (message, weight(defect))
        }
        None => {
            let Some(problem) = unreadable(certificate) else { return };
            let message = format!("{} has an {problem} that cannot be read", Called(certificate));
            (message, Severity::High)
        }
    };
    let severity = match severity {
        // Whoever trusts it has found it to be read.
        _ if is_of_others(site) => Severity::Low,
        severity if site.bundle.quoted => severity.min(Severity::Medium),
        severity => severity,
    };
    out.report(site.item.place, message).evidence(evidence(certificate)).severity(severity);
}

/// "extension nameConstraints".
fn unreadable(certificate: &Certificate) -> Option<&str> {
    let problems = certificate.extension_problems.iter();
    let mut unread = problems.filter_map(|problem| problem.strip_suffix(" cannot be read"));
    unread.find(|problem| problem.starts_with("extension "))
}

/// How much it matters: whether clients of weight refuse the certificate for it.
fn weight(defect: &Defect) -> Severity {
    match defect.kind {
        DefectKind::Default | DefectKind::KeyUsage | DefectKind::Empty => Severity::Medium,
        DefectKind::Time | DefectKind::Text if refused(defect).is_empty() => Severity::Medium,
        _ => Severity::High,
    }
}

/// Who is known to refuse a certificate for a defect.
fn refused(defect: &Defect) -> &'static str {
    match defect.kind {
        DefectKind::Length | DefectKind::Boolean => ", which Go, rustls and BoringSSL refuse",
        DefectKind::Number => ", which OpenSSL, Go and BoringSSL refuse",
        DefectKind::BitString => ", which Go and BoringSSL refuse",
        DefectKind::Trailing => ", which strict parsers refuse",
        DefectKind::UniqueId => ", which rustls refuses",
        DefectKind::Empty if defect.words.contains("subjectAltName") => {
            ", which Python ≥ 3.13 refuses"
        }
        DefectKind::Time if defect.words.contains("GeneralizedTime") => "",
        DefectKind::Time if defect.words.contains("fraction") => {
            ", which OpenSSL, Go and rustls refuse"
        }
        DefectKind::Time => ", which OpenSSL and rustls refuse",
        // Go lets these two pass, because so many certificates had them.
        DefectKind::Text if ["`*`", "`&`"].iter().any(|sign| defect.words.contains(sign)) => "",
        DefectKind::Text | DefectKind::Address => ", which Go refuses",
        _ => "",
    }
}
