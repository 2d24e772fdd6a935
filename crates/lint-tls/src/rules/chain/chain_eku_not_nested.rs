use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::chain::tell;
use crate::path::FaultKind;
use crate::{BundleSite, Check};

rule! {
    /// RFC 5280 leaves it open what extKeyUsage means on a CA; validators agree that it limits
    /// everything below. Under an intermediate for `clientAuth` or `codeSigning` alone, no
    /// server's certificate is accepted (Go: `x509: certificate specifies an incompatible key
    /// usage`, OpenSSL: `unsuitable certificate purpose`, browsers likewise), whatever the
    /// server's own certificate says.
    ///
    /// `anyExtendedKeyUsage` is enough for Go, and for OpenSSL and rustls it is not.
    ///
    /// It is fine where the chain is used for what the CA is for, and the server's certificate
    /// is one by mistake.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// ca: {ca: true, common_name: Client CA, not_after: 4y, usages: [client_auth], issuer: root}
    /// leaf: {names: [shop.example.com], usages: [server_auth], issuer: ca}
    /// good-ca: {ca: true, common_name: Shop CA, not_after: 4y, usages: [server_auth, client_auth], issuer: root}
    /// good: {names: [shop.example.com], usages: [server_auth], issuer: good-ca}
    /// any-ca: {ca: true, common_name: Any CA, not_after: 4y, usages: [any], issuer: root}
    /// any: {names: [shop.example.com], issuer: any-ca}
    /// client: {common_name: alice, usages: [client_auth], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Client CA` has an extKeyUsage without `serverAuth`
    /// ```
    /// ```pem bad
    /// ${any.crt}
    /// ${any-ca.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Any CA` has an extKeyUsage without `serverAuth`, in whose place not all take `any`
    /// ```
    /// ```pem good
    /// ${good.crt}
    /// ${good-ca.crt}
    /// ```
    /// ```pem good file=client.crt
    /// ${client.crt}
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-eku-not-nested",
        summary: "CA in a chain may not be used for what the chain is for",
        remedy: "Have the certificate issued by a CA whose extKeyUsage holds the purpose, or that has none.",
        severity: High,
        check: Check::Bundle(check),
        peers: &["limbo:rfc5280::eku", "bettertls"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12",
            "https://pkg.go.dev/crypto/x509#Certificate.Verify",
        ],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    tell(site, FaultKind::Nesting, "a certificate that it limits", out);
}
