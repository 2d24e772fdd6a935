use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::San;

use crate::names::{Called, evidence, has_host};
use crate::{CertificateSite, Check};

rule! {
    /// The certificate is for a server and has subject alternative names, but none of them is a
    /// DNS name or an address: only URIs, mail addresses or directory names. Clients that ask for
    /// a host find nothing to match and refuse; as there is a subjectAltName, even old ones pass
    /// over the common name.
    ///
    /// It is fine in a mesh, where peers are matched by their SPIFFE id: certificates with a
    /// `spiffe://` URI are not reported.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {common_name: shop.example.com, emails: [ops@example.com], issuer: ca, usages: [server_auth]}
    /// named: {names: [shop.example.com], emails: [ops@example.com], issuer: ca, usages: [server_auth]}
    /// mesh: {uris: ["spiffe://cluster.local/ns/shop/sa/web"], issuer: ca, usages: [server_auth]}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is a server's, but none of its alternative names is a host
    /// ```
    /// ```pem good file=a.pem
    /// ${named.crt}
    /// ```
    /// ```pem good file=b.pem
    /// ${mesh.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-san-no-host",
        summary: "alternative names of a server certificate hold no host",
        remedy: "Have the certificate issued again with every host as a DNS name or address in subjectAltName.",
        severity: Medium,
        check: Check::Certificate(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc9525#section-6.1",
            "https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let mesh = |name: &San| matches!(name, San::Uri(uri) if is_spiffe(uri));
    if site.is_server()
        && !certificate.san.is_empty()
        && !has_host(certificate)
        && !certificate.san.iter().any(mesh)
    {
        let message = format!(
            "{} is a server's, but none of its alternative names is a host",
            Called(certificate)
        );
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

fn is_spiffe(uri: &str) -> bool {
    uri.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("spiffe://"))
}
