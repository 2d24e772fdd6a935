use std::net::IpAddr;

use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::San;

use crate::dns_name::Fault;
use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// A name that is no host name is matched by nobody: `https://` before it, a port or a path
    /// behind it, a dot too many, a space from a list that was pasted. The certificate is issued
    /// all the same and the first client that asks for the host is refused. Some stacks throw the
    /// whole certificate away.
    ///
    /// Underscores, and hyphens in third and fourth place, are milder inside a private PKI: most
    /// clients match such names, only the rules for public certificates forbid them. Asterisks are
    /// left to `cert-san-bad-wildcard`.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com, "https://api.example.com"], issuer: ca}
    /// dots: {names: [shop..example.com], issuer: ca}
    /// listed: {names: ["shop.example.com, api.example.com"], issuer: ca}
    /// idn: {names: [xn--0.example.com], issuer: ca}
    /// under: {names: [my_shop.shop.svc], issuer: ca}
    /// public: {names: [my_shop.example.com], issuer: ca, public: true, usages: [server_auth]}
    /// sound: {names: [shop.example.com, "*.shop.example.com", xn--mnchen-3ya.de, localhost], issuer: ca}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ DNS name `https://api.example.com` in the certificate for `shop.example.com` is no host name: a scheme, port or path is no part of a name
    /// ```
    /// ```pem bad file=b.pem
    /// ${dots.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ DNS name `shop..example.com` in the certificate for `shop..example.com` is no host name: two of its dots stand side by side
    /// ```
    /// ```pem bad file=c.pem
    /// ${listed.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ DNS name `shop.example.com, api.example.com` in the certificate for `shop.example.com, api.example.com` is no host name: it holds the character `,`
    /// ```
    /// ```pem bad file=d.pem
    /// ${idn.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ DNS name `xn--0.example.com` in the certificate for `xn--0.example.com` is no host name: a label that begins with `xn--` stands for no text
    /// ```
    /// ```pem bad file=e.pem
    /// ${under.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ DNS name `my_shop.shop.svc` in the certificate for `my_shop.shop.svc` is no host name: it holds an underscore
    /// ```
    /// ```pem bad file=f.pem
    /// ${public.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ DNS name `my_shop.example.com` in the certificate for `my_shop.example.com` is no host name: it holds an underscore
    /// ```
    /// ```pem good
    /// ${sound.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-san-invalid-dns-name",
        summary: "DNS name of the certificate is no host name",
        remedy: "Have the certificate issued again with bare host names, such as `shop.example.com`, one per entry.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_dnsname_bad_character_in_label",
            "zlint:e_dnsname_empty_label",
            "zlint:e_rfc_dnsname_empty_label",
            "zlint:e_dnsname_label_too_long",
            "zlint:e_rfc_dnsname_label_too_long",
            "zlint:e_dnsname_hyphen_in_sld",
            "zlint:e_rfc_dnsname_hyphen_in_sld",
            "zlint:e_dnsname_underscore_in_sld",
            "zlint:e_rfc_dnsname_underscore_in_sld",
            "zlint:w_dnsname_underscore_in_trd",
            "zlint:w_rfc_dnsname_underscore_in_trd",
            "zlint:e_underscore_not_permissible_in_dnsname",
            "zlint:e_underscore_permissible_in_dnsname_if_valid_when_replaced",
            "zlint:e_underscore_present_with_too_long_validity",
            "zlint:e_no_underscores_before_1_6_2",
            "zlint:e_ext_san_dns_name_too_long",
            "zlint:e_ext_san_dns_not_ia5_string",
            "zlint:e_ext_san_space_dns_name",
            "zlint:e_ext_san_empty_name",
            "zlint:e_san_dns_name_includes_null_char",
            "zlint:e_san_dns_name_starts_with_period",
            "zlint:e_international_dns_name_not_unicode",
            "zlint:e_international_dns_name_not_nfc",
            "zlint:e_dnsname_contains_prohibited_reserved_label",
            "zlint:n_contains_redacted_dnsname",
            "pkilint:cabf.serverauth.invalid_dnsname_syntax",
            "pkilint:cabf.serverauth.dnsname_contains_prohibited_reserved_label",
            "pkilint:cabf.serverauth.invalid_plabel_encoding",
            "pkilint:pkix.invalid_domain_name_syntax",
            "limbo:rfc5280::san",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6",
            "https://www.rfc-editor.org/rfc/rfc1123#section-2.1",
            "https://www.rfc-editor.org/rfc/rfc5891#section-4",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let faults = || {
        certificate.san.iter().filter_map(|name| match name {
            San::Dns(name) => fault(name),
            San::Email(name) | San::Uri(name) if name.is_empty() => Some(("", Fault::Empty)),
            _ => None,
        })
    };
    let worst = faults().find(|(_, fault)| !fault.is_formal()).or_else(|| faults().next());
    if let Some((name, fault)) = worst {
        tell(site, "DNS name", name, fault, out);
    } else if site.is_public_server() {
        // A common name with a dot and without a space is meant as a host.
        let host = |name: &&String| name.contains('.') && !name.contains(' ');
        let common = certificate.common_names.iter().filter(host);
        if let Some((name, fault)) = common.into_iter().find_map(|name| self::fault(name)) {
            tell(site, "common name", name, fault, out);
        }
    }
}

/// Addresses are no names, but that is said elsewhere.
fn fault(name: &str) -> Option<(&str, Fault)> {
    let fault = Fault::of(name).filter(|_| name.parse::<IpAddr>().is_err())?;
    Some((name, fault))
}

fn tell(site: &CertificateSite<'_>, what: &str, name: &str, fault: Fault, out: &mut Sink<'_>) {
    let called = Called(site.certificate);
    let message = format!("{what} `{}` in the {called} is no host name: {fault}", Shown(name));
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    if fault.is_formal() && !site.is_public() {
        finding.severity(Severity::Low);
    }
}
