use careen_model::Context;
use careen_rule::{Confidence, Severity, Sink, control, rule};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

rule! {
    /// The common name is no identity any more: clients look for the host in subjectAltName alone
    /// (RFC 9525). Without it Go says `x509: certificate relies on legacy Common Name field`,
    /// browsers refuse, and since Kubernetes 1.19 the API server calls no webhook behind such a
    /// certificate. `openssl req` leaves the extension out unless asked for it.
    ///
    /// A certificate with neither subject nor alternative names is nobody's, and an empty
    /// subjectAltName is broken in any certificate.
    ///
    /// It is fine for certificates that are pinned rather than matched with a name, and for
    /// clients' certificates, which are not looked at.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {common_name: shop.example.com, issuer: ca}
    /// nobody: {common_name: "", issuer: ca, usages: [client_auth]}
    /// empty: {common_name: shop, issuer: ca, usages: [client_auth], extensions: [{oid: 2.5.29.17, der: "3000"}]}
    /// client: {common_name: shop, issuer: ca, usages: [client_auth]}
    /// named: {common_name: shop.example.com, names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has no subject alternative name
    /// ```
    /// ```pem bad file=b.pem
    /// ${nobody.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `nobody` has no subject and no subject alternative name
    /// ```
    /// ```pem bad file=c.pem
    /// ${empty.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop` has an empty subject alternative name
    /// ```
    /// ```pem good file=a.pem
    /// ${named.crt}
    /// ```
    /// ```pem good file=b.pem
    /// ${client.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-san-missing",
        summary: "server certificate has no subject alternative name",
        remedy: "Have the certificate issued again with every host in subjectAltName, such as `-addext subjectAltName=DNS:shop.example.com`.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_ext_san_missing",
            "zlint:e_subject_empty_without_san",
            "zlint:e_ext_san_no_entries",
            "pkilint:cabf.serverauth.subscriber.subject_altname_extension_absent",
            "testssl:cert_subjectAltName",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc9525#section-2",
            "https://go.dev/doc/go1.15#commonname",
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6",
        ],
    }
}

const SUBJECT_ALT_NAME: &str = "2.5.29.17";
/// A SEQUENCE of nothing.
const EMPTY: &[u8] = &[0x30, 0];

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if !certificate.san.is_empty() {
        return;
    }
    let nobody = certificate.subject_is_empty && certificate.is_leaf();
    let empty = certificate.extension_value(SUBJECT_ALT_NAME) == Some(EMPTY);
    if !(empty || nobody || site.is_server() || site.is_public_server()) {
        return;
    }
    let what = match (empty, certificate.has_san) {
        (true, _) => "an empty",
        (false, true) => "no readable",
        (false, false) if nobody => "no subject and no",
        (false, false) => "no",
    };
    let message = format!("{} has {what} subject alternative name", Called(certificate));
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if site.role != Role::Served {
        finding.confidence(Confidence::High);
    }
    if site.bundle.quoted {
        finding.severity(Severity::Medium);
    }
}
