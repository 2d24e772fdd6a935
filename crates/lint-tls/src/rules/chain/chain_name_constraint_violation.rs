use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::chain::tell;
use crate::path::FaultKind;
use crate::{BundleSite, Check};

rule! {
    /// A CA with nameConstraints may issue for the names that they permit and for no others, and
    /// every validator refuses the whole certificate if one of its names is outside (Go: `x509: a
    /// root or intermediate certificate is not authorized to sign for this name`, OpenSSL:
    /// `permitted subtree violation`). CAs issue it all the same, since nothing in them checks.
    ///
    /// It is fine nowhere. A form of names that the CA does not mention is not constrained: one
    /// that permits DNS names only may issue for every IP address.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y, permitted: [example.com, 10.0.0.0/8]}
    /// leaf: {names: [shop.example.com, shop.example.org], issuer: ca}
    /// address: {names: [shop.example.com, 192.0.2.1], issuer: ca}
    /// good: {names: [shop.example.com, "*.example.com", 10.1.2.3], issuer: ca}
    /// strict: {ca: true, common_name: Other CA, not_after: 4y, excluded: [admin.example.com]}
    /// wild: {names: ["*.example.com"], issuer: strict}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names `shop.example.org`, which is not permitted by `Shop CA`
    /// ${ca.crt}
    /// ```
    /// ```pem bad
    /// ${address.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names `192.0.2.1`, which is not permitted by `Shop CA`
    /// ${ca.crt}
    /// ```
    /// ```pem bad
    /// ${wild.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `*.example.com` names `*.example.com`, which is excluded by `Other CA`
    /// ${strict.crt}
    /// ```
    /// ```pem good
    /// ${good.crt}
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-name-constraint-violation",
        summary: "certificate names what a CA above it may not issue for",
        remedy: "Have the certificate issued for names within the CA's constraints, or by a CA that may issue for them.",
        severity: High,
        check: Check::Bundle(check),
        peers: &["limbo:rfc5280::nc", "bettertls"],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10"],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    tell(site, FaultKind::Names, "the CA with the constraint", out);
}
