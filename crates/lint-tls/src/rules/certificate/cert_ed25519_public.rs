use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::KeyKind;

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// Ed25519 and Ed448 are good signatures that the web does not take: no public CA may certify
    /// such a key, and neither Chrome nor Safari offers the algorithm in its handshake, so that a
    /// server with this key and no other has nothing to answer with.
    ///
    /// It is fine inside a private PKI between programs: Go, OpenSSL and rustls take Ed25519.
    /// Reported are certificates that claim to be public.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, key: ed25519, public: true, usages: [server_auth]}
    /// private: {names: [shop.example.com], issuer: ca, key: ed25519, usages: [server_auth]}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is public and has an Ed25519 key, which browsers do not take
    /// ```
    /// ```pem good
    /// ${private.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-ed25519-public",
        summary: "public certificate has an Ed25519 or Ed448 key",
        remedy: "Use an ECDSA P-256 key for servers that browsers visit.",
        severity: Low,
        check: Check::Certificate(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://cabforum.org/working-groups/server/baseline-requirements/requirements/#615-key-sizes",
            "https://www.rfc-editor.org/rfc/rfc8410",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let kind = &site.certificate.key.kind;
    if matches!(kind, KeyKind::Ed25519 | KeyKind::Ed448) && site.is_public_server() {
        let message = format!(
            "{} is public and has an {kind} key, which browsers do not take",
            Called(site.certificate)
        );
        out.report(site.item.place, message).evidence(evidence(site.certificate));
    }
}
