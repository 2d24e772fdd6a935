use std::net::IpAddr;

use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::Purpose;

use crate::domain::is_on_internet;
use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check, Role};

rule! {
    /// The certificate tells clients to look up its revocation, or its issuer, at a place they
    /// cannot get to: their own host, a local file, an LDAP directory of a Windows domain, or, in a
    /// public certificate, an internal name. Most clients shrug; those that insist wait for a
    /// timeout on every connection or refuse, such as Java and curl with revocation checks on, and
    /// nobody ever learns that the key was revoked.
    ///
    /// An internal name is fine in a certificate of a private CA, and LDAP where an address over
    /// HTTP stands beside it.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// local: {names: [shop.example.com], issuer: ca, extensions: [{oid: 2.5.29.31, der: 301a3018a016a0148612687474703a2f2f6c6f63616c686f73742f63}]}
    /// ldap: {names: [shop.example.com], issuer: ca, extensions: [{oid: 2.5.29.31, der: 30123010a00ea00c860a6c6461703a2f2f2f434e}]}
    /// inner: {names: [shop.example.com], issuer: ca, public: true, usages: [server_auth], extensions: [{oid: 1.3.6.1.5.5.7.1.1, der: 301c301a06082b06010505073001860e687474703a2f2f6f6373702e7a7a}]}
    /// sound: {names: [shop.example.com], issuer: ca, extensions: [{oid: 1.3.6.1.5.5.7.1.1, der: 301c301a06082b06010505073001860e687474703a2f2f6f6373702e736f}]}
    /// ```
    /// ```pem bad file=a.pem
    /// ${local.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has its revocation list at `http://localhost/c`, which is the client's own host
    /// ```
    /// ```pem bad file=b.pem
    /// ${ldap.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has its revocation list at `ldap:///CN`, which only members of a Windows domain ask
    /// ```
    /// ```pem bad file=c.pem
    /// ${inner.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has its OCSP responder at `http://ocsp.zz`, which is no name on the internet
    /// ```
    /// ```pem good
    /// ${sound.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-revocation-url-unreachable",
        summary: "certificate sends clients to a place they cannot reach for its revocation",
        remedy: "Have the certificate issued with addresses over HTTP that its clients reach, or without any.",
        severity: Low,
        check: Check::Certificate(check),
        peers: &["zlint:w_sub_cert_aia_contains_internal_names", "testssl:cert_crlDistributionPoints"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.13",
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.2.1",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if site.role == Role::Trust {
        return;
    }
    let certificate = site.certificate;
    let addresses = certificate.addresses();
    let found = addresses.iter().find_map(|(purpose, url)| {
        let others = addresses.iter().filter(|(other, _)| other == purpose);
        let beside = others.into_iter().any(|(_, url)| is_http(url));
        Some((*purpose, url, unreachable(url, site.is_public(), beside)?))
    });
    if let Some((purpose, url, why)) = found {
        let what = match purpose {
            Purpose::Crl => "revocation list",
            Purpose::Ocsp => "OCSP responder",
            Purpose::Issuer => "issuer's certificate",
        };
        let message =
            format!("{} has its {what} at `{}`, which {why}", Called(certificate), Shown(url));
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

fn scheme(url: &str) -> String {
    url.split(':').next().unwrap_or_default().to_ascii_lowercase()
}

fn is_http(url: &str) -> bool {
    matches!(scheme(url).as_str(), "http" | "https")
}

/// Why a client does not get to an address; `beside` says that there is another one over HTTP.
fn unreachable(url: &str, public: bool, beside: bool) -> Option<&'static str> {
    match scheme(url).as_str() {
        "file" => return Some("is a file of the client's own host"),
        "ldap" | "ldaps" => {
            return (!beside).then_some("only members of a Windows domain ask");
        }
        "http" | "https" => {}
        _ => return None,
    }
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(literal) => literal.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    match host.parse::<IpAddr>() {
        Ok(address) if address.is_loopback() => Some("is the client's own host"),
        Ok(_) => None,
        Err(_) if host.eq_ignore_ascii_case("localhost") => Some("is the client's own host"),
        Err(_) => (public && !is_on_internet(host)).then_some("is no name on the internet"),
    }
}

#[cfg(test)]
mod tests {
    use super::unreachable;

    #[test]
    fn addresses() {
        for url in ["file:///crl.pem", "http://localhost/", "http://127.0.0.1:80/", "http://[::1]/"]
        {
            assert!(unreachable(url, false, true).is_some(), "{url}");
        }
        assert!(unreachable("ldap:///CN=x", false, false).is_some());
        assert!(unreachable("ldap:///CN=x", false, true).is_none());
        assert!(unreachable("http://crl.corp/", true, false).is_some());
        assert!(unreachable("http://crl.corp/", false, false).is_none());
        assert!(unreachable("http://crl.example.com:80/a", true, false).is_none());
    }
}
