use std::net::IpAddr;

use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::{Certificate, San};

use crate::names::{Called, Hosts, Shown, evidence, is_host};
use crate::{CertificateSite, Check};

rule! {
    /// People and old tools read the common name; clients read subjectAltName alone. A host that
    /// stands in the one and not in the other looks covered and is not: the certificate passes a
    /// review and fails the first connection. Of several common names tools read different ones.
    ///
    /// It is fine where the name is a label for people; say so with a suppression, or make it one
    /// that is no host. In a public certificate the common name must be one of the alternative
    /// names, letter by letter, or be left out. An address is left to `cert-san-ip-as-dns`.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {common_name: shop.example.com, names: [www.shop.example.com], issuer: ca}
    /// both: {common_name: shop.example.com, names: [shop.example.com, www.shop.example.com], issuer: ca}
    /// wide: {common_name: shop.example.com, names: ["*.example.com"], issuer: ca}
    /// public: {common_name: shop.example.com, names: ["*.example.com"], issuer: ca, public: true, usages: [server_auth]}
    /// label: {common_name: Shop, names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `www.shop.example.com` has the common name `shop.example.com`, but covers `www.shop.example.com`
    /// ```
    /// ```pem bad file=b.pem
    /// ${public.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `*.example.com` has the common name `shop.example.com`, which is none of its alternative names: it covers `*.example.com`
    /// ```
    /// ```pem good file=a.pem
    /// ${both.crt}
    /// ```
    /// ```pem good file=b.pem
    /// ${wide.crt}
    /// ```
    /// ```pem good file=c.pem
    /// ${label.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-cn-not-in-san",
        summary: "common name of the certificate is a host that it does not cover",
        remedy: "Have the certificate issued again with the common name among its subject alternative names.",
        severity: Low,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_subject_common_name_not_exactly_from_san",
            "zlint:e_subject_common_name_not_from_san",
            "zlint:w_extra_subject_common_names",
            "pkilint:cabf.serverauth.subscriber_common_name_unknown_source",
            "limbo:webpki::cn",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc9525#section-2"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let public = site.is_public_server();
    let server = public || (site.is_server() && !certificate.san.is_empty());
    if !server || certificate.common_names.is_empty() {
        return;
    }
    let called = Called(certificate);
    let names = || certificate.common_names.iter();
    let stray = |name: &&String| {
        is_host(name) && name.parse::<IpAddr>().is_err() && !certificate.covers_host(name)
    };
    let message = if let Some(name) = names().find(stray) {
        let (name, hosts) = (Shown(name), Hosts(certificate));
        format!("{called} has the common name `{name}`, but covers {hosts}")
    } else if let Some(name) = names().find(|name| public && !is_listed(certificate, name)) {
        let (name, hosts) = (Shown(name), Hosts(certificate));
        format!(
            "{called} has the common name `{name}`, which is none of its alternative names: it covers {hosts}"
        )
    } else if let [_, _, ..] = certificate.common_names.as_slice() {
        format!("{called} has {} common names", certificate.common_names.len())
    } else {
        return;
    };
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if public {
        finding.severity(Severity::Medium);
    }
}

/// Whether subjectAltName has exactly this name, an address in its usual form.
fn is_listed(certificate: &Certificate, name: &str) -> bool {
    certificate.san.iter().any(|each| match each {
        San::Dns(listed) => listed == name,
        San::Ip(address) => address.to_string() == name,
        _ => false,
    })
}
