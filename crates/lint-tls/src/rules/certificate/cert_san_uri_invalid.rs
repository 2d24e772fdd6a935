use std::net::{IpAddr, Ipv6Addr};

use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::San;

use crate::dns_name::{Fault, is_sound_wildcard};
use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// Go reads every URI of a certificate while it parses it, and where one cannot be read or its
    /// host has an empty label, refuses the certificate as a whole, for every purpose (`x509:
    /// cannot parse URI`). Others pass over it, so that it works until the first Go client comes.
    /// RFC 5280 wants a scheme, something behind it, and, behind `//`, a fully qualified domain
    /// name or an address.
    ///
    /// SPIFFE ids are fine with any trust domain, and URIs without an authority, such as
    /// `urn:uuid:…`, have no host to judge.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// relative: {names: [shop.example.com], uris: [/shop], issuer: ca}
    /// host: {names: [shop.example.com], uris: ["https://shop..example.com/"], issuer: ca}
    /// short: {names: [shop.example.com], uris: ["https://shop/"], issuer: ca}
    /// sound: {names: [shop.example.com], uris: ["spiffe://shop/ns/a", "urn:uuid:1", "https://a.example.com:8443/x", "ldap://[::1]/", "https://10.0.0.1"], issuer: ca}
    /// ```
    /// ```pem bad file=a.pem
    /// ${relative.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ URI `/shop` in the certificate for `shop.example.com` has no scheme
    /// ```
    /// ```pem bad file=b.pem
    /// ${host.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ URI `https://shop..example.com/` in the certificate for `shop.example.com` has a host that is none
    /// ```
    /// ```pem bad file=c.pem
    /// ${short.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ URI `https://shop/` in the certificate for `shop.example.com` has a host that is not fully qualified
    /// ```
    /// ```pem good
    /// ${sound.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-san-uri-invalid",
        summary: "URI of the certificate cannot be read or has no sound host",
        remedy: "Have the certificate issued again with absolute URIs whose hosts are full domain names, or without them.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_ext_san_uri_format_invalid",
            "zlint:e_ext_san_uri_host_not_fqdn_or_ip",
            "zlint:e_ext_san_uri_not_ia5",
            "zlint:e_ext_san_uri_relative",
            "pkilint:pkix.invalid_uri_syntax",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6",
            "https://www.rfc-editor.org/rfc/rfc3986#section-3",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let found = certificate.san.iter().find_map(|name| match name {
        San::Uri(uri) => fault(uri).map(|fault| (uri, fault)),
        _ => None,
    });
    if let Some((uri, fault)) = found {
        let message = format!("URI `{}` in the {} {fault}", Shown(uri), Called(certificate));
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

/// What is wrong with a URI, as the end of a sentence.
fn fault(uri: &str) -> Option<&'static str> {
    if uri.is_empty() {
        return Some("is empty");
    }
    if uri.bytes().any(|byte| !byte.is_ascii_graphic() || matches!(byte, b'<' | b'>' | b'"')) {
        return Some("holds a character that no URI has");
    }
    if !escapes_are_sound(uri) {
        return Some("holds a percent sign without two hexadecimal digits");
    }
    let Some((scheme, rest)) = uri.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return Some("has no scheme");
    };
    if rest.is_empty() {
        return Some("has nothing behind its scheme");
    }
    let authority = rest.strip_prefix("//")?;
    let end = authority.find(['/', '?', '#']).unwrap_or(authority.len());
    let authority = authority.get(..end).unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if let Some(literal) = host.strip_prefix('[') {
        let address = literal.split(']').next().unwrap_or_default();
        return address.parse::<Ipv6Addr>().is_err().then_some("has a host that is no address");
    }
    let host = host.split(':').next().unwrap_or_default();
    if host.is_empty() {
        // The usual way to name a file of one's own host.
        return (!scheme.eq_ignore_ascii_case("file")).then_some("has no host");
    }
    if scheme.eq_ignore_ascii_case("spiffe") || host.parse::<IpAddr>().is_ok() {
        return None;
    }
    let broken = Fault::of(host).is_some_and(|fault| !fault.is_formal());
    if broken || !is_sound_wildcard(host) {
        Some("has a host that is none")
    } else {
        (!host.contains('.')).then_some("has a host that is not fully qualified")
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn escapes_are_sound(uri: &str) -> bool {
    uri.split('%')
        .skip(1)
        .all(|after| after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn uris() {
        for uri in [
            "https://shop.example.com/",
            "https://user@shop.example.com:443/a%20b?c#d",
            "https://*.example.com/",
            "https://[2001:db8::1]:8443/",
            "spiffe://td/ns",
            "sip:alice@example.com",
            "file:///etc/x",
        ] {
            assert_eq!(fault(uri), None, "{uri}");
        }
        for uri in [
            "",
            "shop.example.com",
            "//shop.example.com",
            "https:",
            "https://",
            "https://a..b/",
            "https://*/",
            "https://a.*.example.com/",
            "https://[x]/",
            "https://a.example.com/%zz",
            "https://ä.example.com/",
            "https://a.example.com/a b",
            "1a:b",
        ] {
            assert!(fault(uri).is_some(), "{uri}");
        }
    }
}
