use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::dns_name::dns_names;
use crate::domain::is_registry_suffix;
use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// `*.com` or `*.co.uk` would stand for the domains of everybody. Browsers and webpki refuse
    /// to match such a wildcard, no public CA issues one, and a private CA that does holds every
    /// client that trusts it hostage to one key. A bare suffix (`co.uk`) is nobody's host.
    ///
    /// Suffixes that a company runs for its customers, such as `*.github.io`, are fine, and so are
    /// domains that exist on a private network only (`*.internal`). A single label such as `app`
    /// is a host in many private networks although it is a top-level domain too; it is reported
    /// for public certificates only.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [example.co.uk, "*.co.uk"], issuer: ca}
    /// bare: {names: [co.uk], issuer: ca}
    /// public: {names: [dev], issuer: ca, public: true, usages: [server_auth]}
    /// sound: {names: ["*.example.co.uk", "*.github.io", "*.internal", "*.svc", app], issuer: ca}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `example.co.uk` covers `*.co.uk`, but `co.uk` is a suffix under which everybody has domains
    /// ```
    /// ```pem bad file=b.pem
    /// ${bare.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `co.uk` covers `co.uk`, but `co.uk` is a suffix under which everybody has domains
    /// ```
    /// ```pem bad file=c.pem
    /// ${public.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `dev` covers `dev`
    /// ```
    /// ```pem good
    /// ${sound.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-san-wildcard-public-suffix",
        summary: "certificate covers a public suffix or every domain under one",
        remedy: "Have the certificate issued again for your own domain, such as `*.example.co.uk`.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:n_dnsname_wildcard_left_of_public_suffix",
            "zlint:e_dnsname_contains_bare_iana_suffix",
            "zlint:n_san_iana_pub_suffix_empty",
            "limbo:webpki::san::public-suffix-*",
        ],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &["https://publicsuffix.org/", "https://www.rfc-editor.org/rfc/rfc9525#section-7.1"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let too_wide = |name: &&str| match name.strip_prefix("*.") {
        Some(base) => is_registry_suffix(base),
        None => (name.contains('.') || site.is_public()) && is_registry_suffix(name),
    };
    let common = certificate.common_names.iter().map(String::as_str);
    let common = common.filter(|_| site.is_public_server());
    if let Some(name) = dns_names(certificate).chain(common).find(too_wide) {
        let suffix = name.strip_prefix("*.").unwrap_or(name);
        let message = format!(
            "{} covers `{}`, but `{}` is a suffix under which everybody has domains",
            Called(certificate),
            Shown(name),
            Shown(suffix)
        );
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}
