use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::{Certificate, ExtendedKeyUsage};

use crate::names::{Called, evidence, has_host, is_host};
use crate::{CertificateSite, Check, Role};

rule! {
    /// A certificate that lists what its key may be used for, and does not list `serverAuth`, may
    /// not identify a server: Go says `x509: certificate specifies an incompatible key usage`,
    /// browsers and OpenSSL refuse as well. Usually a certificate for a client ended up in the
    /// server's Secret.
    ///
    /// It is fine where the Secret only feeds clients; `tls.crt` and `tls.key` are the customary
    /// names there too. Certificates without the extension may serve anything and are let be,
    /// unless they are public: those must say `serverAuth`, and of the other purposes `clientAuth`
    /// only. In a private PKI, a server whose key may also sign code, time stamps or OCSP answers
    /// is a low finding: whoever breaks into it signs software.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// client: {names: [shop.example.com], issuer: ca, usages: [client_auth]}
    /// both: {names: [shop.example.com], issuer: ca, usages: [server_auth, client_auth]}
    /// code: {names: [shop.example.com], issuer: ca, usages: [server_auth, code_signing]}
    /// bare: {names: [shop.example.com], issuer: ca, public: true}
    /// any: {names: [shop.example.com], issuer: ca, public: true, usages: [server_auth, any]}
    /// private: {names: [shop.example.com], issuer: ca}
    /// public: {names: [shop.example.com], issuer: ca, public: true, usages: [server_auth]}
    /// partner: {names: [shop.example.com], issuer: ca, public: true, usages: [client_auth]}
    /// mine: {names: [shop.example.com], issuer: ca, usages: [client_auth]}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${client.crt|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` may not identify a server: its extended key usage lacks serverAuth
    /// ```
    /// ```pem bad file=server.pem
    /// ${code.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is a server's and may also serve codeSigning
    /// ```
    /// ```pem bad file=bare.pem
    /// ${bare.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is public and has no extended key usage
    /// ```
    /// ```pem bad file=partner.pem
    /// ${partner.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` may not identify a server: its extended key usage lacks serverAuth
    /// ```
    /// ```pem good file=mine.pem
    /// ${mine.crt}
    /// ```
    /// ```pem bad file=any.pem
    /// ${any.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is a server's and may also serve any purpose
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${both.crt|base64}
    /// ```
    /// ```pem good file=server.pem
    /// ${private.crt}
    /// ```
    /// ```pem good file=shop.pem
    /// ${public.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-eku-no-server-auth",
        summary: "served certificate may not identify a server, or may do much else",
        remedy: "Have the certificate issued again with the extended key usage `serverAuth` and no other than `clientAuth`.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_sub_cert_eku_check",
            "zlint:e_sub_cert_eku_missing",
            "zlint:e_sub_cert_eku_server_auth_client_auth_missing",
            "zlint:w_sub_cert_eku_extra_values",
            "pkilint:cabf.serverauth.subscriber.serverauth_eku_absent",
            "pkilint:cabf.serverauth.subscriber.extended_key_usage_extension_absent",
            "pkilint:cabf.serverauth.subscriber.anyeku_eku_present",
            "pkilint:cabf.serverauth.subscriber.codesigning_eku_present",
            "pkilint:cabf.serverauth.subscriber.emailprotection_eku_present",
            "pkilint:cabf.serverauth.subscriber.timestamping_eku_present",
            "pkilint:cabf.serverauth.subscriber.ocspsigning_eku_present",
            "testssl:cert_extKeyUsage",
            "limbo:webpki::eku",
        ],
        confidence: careen_rule::Confidence::High,
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12",
            "https://cabforum.org/working-groups/server/baseline-requirements/requirements/#71278-subscriber-certificate-extensions",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let called = Called(certificate);
    // What is public, has a host and is not a CA's is judged as a server's certificate, and so is
    // what names a policy for them.
    let made = match site.role {
        Role::Served => true,
        Role::Unknown => names_host(certificate),
        Role::Client => certificate.policies.iter().any(|policy| policy.starts_with(FORUM)),
        Role::Member | Role::Trust => false,
    };
    let public = made && certificate.is_leaf() && site.is_public();
    let Some(usage) = &certificate.extended_key_usage else {
        if public {
            let message = format!("{called} is public and has no extended key usage");
            out.report(site.item.place, message).evidence(evidence(certificate));
        }
        return;
    };
    let refused = !usage.server_auth && !usage.any;
    if (site.role == Role::Served && refused) || (public && !usage.server_auth) {
        let message =
            format!("{called} may not identify a server: its extended key usage lacks serverAuth");
        out.report(site.item.place, message).evidence(evidence(certificate));
        return;
    }
    if !(site.is_server() || public) || certificate.is_ca() {
        return;
    }
    if let Some(purpose) = foreign(usage, public) {
        let message = format!("{called} is a server's and may also serve {purpose}");
        let finding = out.report(site.item.place, message).evidence(evidence(certificate));
        finding.severity(if public { Severity::Medium } else { Severity::Low });
    }
}

/// How the policies of the CA/Browser Forum for servers begin.
const FORUM: &str = "2.23.140.1.2.";

fn names_host(certificate: &Certificate) -> bool {
    has_host(certificate) || certificate.common_names.iter().any(|name| is_host(name))
}

/// A purpose that has no place beside serverAuth. Private CAs are free to mix all but signing.
fn foreign(usage: &ExtendedKeyUsage, public: bool) -> Option<&str> {
    let table = [
        (usage.code_signing, "codeSigning"),
        (usage.time_stamping, "timeStamping"),
        (usage.ocsp_signing, "OCSPSigning"),
        (usage.any && public, "any purpose"),
        (usage.email_protection && public, "emailProtection"),
    ];
    let known = table.into_iter().find(|(is, _)| *is).map(|(_, name)| name);
    known.or_else(|| usage.others.first().filter(|_| public).map(String::as_str))
}
