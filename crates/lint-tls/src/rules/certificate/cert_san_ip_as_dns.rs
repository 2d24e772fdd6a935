use std::net::IpAddr;

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::dns_name::dns_names;
use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// Clients that connect to an address look for it among the iPAddress entries only: Go says
    /// `x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs`. An
    /// address written as a DNS name, or in the common name alone, is never found. It comes from
    /// `DNS:10.0.0.1` where `IP:10.0.0.1` was meant.
    ///
    /// It is fine to list an address both ways, for very old clients; then nothing is reported.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {common_name: shop, issuer: ca, extensions: [{oid: 2.5.29.17, der: 300a820831302e302e302e31}]}
    /// common: {common_name: 10.0.0.1, names: [shop.example.com], issuer: ca}
    /// sound: {common_name: 10.0.0.1, names: [shop.example.com, 10.0.0.1], issuer: ca}
    /// both: {common_name: shop, issuer: ca, extensions: [{oid: 2.5.29.17, der: 3010820831302e302e302e3187040a000001}]}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `10.0.0.1` has the address `10.0.0.1` as a DNS name, where no client looks for it
    /// ```
    /// ```pem bad file=b.pem
    /// ${common.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the address `10.0.0.1` in its common name, where no client looks for it
    /// ```
    /// ```pem good file=a.pem
    /// ${sound.crt}
    /// ```
    /// ```pem good file=b.pem
    /// ${both.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-san-ip-as-dns",
        summary: "address in the certificate stands where no client looks for it",
        remedy: "Have the certificate issued again with the address as an iPAddress entry, such as `IP:10.0.0.1`.",
        severity: High,
        check: Check::Certificate(check),
        peers: &["limbo:webpki::cn"],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc9525#section-6.4"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let lost = |name: &str| is_address(name) && !certificate.covers_host(name);
    let as_name = dns_names(certificate).find(|name| lost(name));
    // Without any alternative name that is what is missing.
    let looked_at = site.is_server() && !certificate.san.is_empty();
    let common = certificate.common_names.iter().filter(|_| looked_at);
    let as_common = || common.into_iter().find(|name| lost(name)).map(String::as_str);
    let found = as_name.map(|name| (name, "as a DNS name"));
    if let Some((name, place)) = found.or_else(|| Some((as_common()?, "in its common name"))) {
        let message = format!(
            "{} has the address `{}` {place}, where no client looks for it",
            Called(certificate),
            Shown(name)
        );
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

fn is_address(name: &str) -> bool {
    name.parse::<IpAddr>().is_ok()
}
