use std::net::IpAddr;

use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::San;

use crate::dns_name::Fault;
use crate::domain::{is_arpa, is_on_internet, is_reserved};
use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// Nobody can prove to a public CA that `web.internal` or `10.0.0.5` is theirs, so since 2016
    /// none issues certificates for such names; CAs revoke the ones that slip through within
    /// days. A certificate that claims to be public and has one was most likely made by a private
    /// CA with a public CA's profile, and clients apply the public rules to it: short life,
    /// transparency logs.
    ///
    /// It is fine, and not reported, in certificates of a private CA that says nothing of public
    /// policies.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com, web.internal], issuer: ca, public: true, usages: [server_auth]}
    /// address: {names: [shop.example.com, 10.0.0.5], issuer: ca, public: true, usages: [server_auth]}
    /// arpa: {names: [5.0.0.10.in-addr.arpa], issuer: ca, public: true, usages: [server_auth]}
    /// sound: {names: [shop.example.com, 1.1.1.1], issuer: ca, public: true, usages: [server_auth]}
    /// private: {names: [web.internal, 10.0.0.5], issuer: ca}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is public, but covers `web.internal`, which is no name on the internet
    /// ```
    /// ```pem bad file=b.pem
    /// ${address.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is public, but covers `10.0.0.5`, which is a reserved address
    /// ```
    /// ```pem bad file=c.pem
    /// ${arpa.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `5.0.0.10.in-addr.arpa` is public, but covers `5.0.0.10.in-addr.arpa`, which lies under `.arpa`
    /// ```
    /// ```pem good file=a.pem
    /// ${sound.crt}
    /// ```
    /// ```pem good file=b.pem
    /// ${private.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-san-internal-name-public",
        summary: "public certificate covers an internal name or address",
        remedy: "Have internal names certified by a private CA, apart from the public ones.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_dnsname_not_valid_tld",
            "zlint:e_ext_san_contains_reserved_ip",
            "zlint:e_subject_contains_reserved_ip",
            "zlint:e_arpa_domain_not_allowed",
            "zlint:e_subject_contains_reserved_arpa_ip",
            "zlint:w_subject_contains_malformed_arpa_ip",
            "pkilint:cabf.internal_domain_name",
            "pkilint:cabf.internal_ip_address",
            "pkilint:cabf.serverauth.ip_reverse_zone_domain_name_present",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://cabforum.org/working-groups/server/baseline-requirements/requirements/#7127-subscriber-server-certificate-profile",
            "https://www.rfc-editor.org/rfc/rfc6890",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if !site.is_public_server() {
        return;
    }
    let certificate = site.certificate;
    let internal = certificate.san.iter().find_map(|name| match name {
        San::Dns(name) => of_name(name).map(|why| (Shown(name).to_string(), why)),
        San::Ip(address) => of_address(*address).map(|why| (address.to_string(), why)),
        _ => None,
    });
    // A common name that is meant for people is no name of a host.
    let host = |name: &&String| !name.contains(' ') && name.contains(['.', ':']);
    let common = || {
        let mut names = certificate.common_names.iter().filter(host);
        names.find_map(|name| Some((Shown(name).to_string(), of_text(name)?)))
    };
    if let Some((name, why)) = internal.or_else(common) {
        let message =
            format!("{} is public, but covers `{name}`, which {why}", Called(certificate));
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

fn of_text(text: &str) -> Option<&'static str> {
    text.parse().map_or_else(|_| of_name(text), of_address)
}

fn of_address(address: IpAddr) -> Option<&'static str> {
    is_reserved(address).then_some("is a reserved address")
}

/// Names that are none at all are told elsewhere.
fn of_name(name: &str) -> Option<&'static str> {
    let broken = Fault::of(name).is_some_and(|fault| !fault.is_formal());
    if name.parse::<IpAddr>().is_ok() || broken {
        None
    } else if is_arpa(name) {
        Some("lies under `.arpa`")
    } else {
        (!is_on_internet(name)).then_some("is no name on the internet")
    }
}
