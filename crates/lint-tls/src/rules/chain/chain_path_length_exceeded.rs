use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::chain::tell;
use crate::path::FaultKind;
use crate::{BundleSite, Check};

rule! {
    /// pathLenConstraint says how many CAs may stand between a CA and the certificates of servers;
    /// 0 means that it may issue for servers only. A chain with more is refused by all (Go:
    /// `x509: too many intermediates for path length constraint`, OpenSSL: `path length
    /// constraint exceeded`). It comes from a CA for servers under which somebody made one more,
    /// as a service mesh does whose root was meant to be an intermediate.
    ///
    /// It is fine nowhere. A root that is trusted by its key alone is not held to it by rustls,
    /// but by Go.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// upper: {ca: true, common_name: Shop CA, not_after: 4y, path_len: 0, issuer: root}
    /// lower: {ca: true, common_name: Mesh CA, not_after: 3y, issuer: upper}
    /// leaf: {names: [shop.example.com], issuer: lower}
    /// first: {ca: true, common_name: Shop CA, not_after: 4y, path_len: 1, issuer: root}
    /// second: {ca: true, common_name: Mesh CA, not_after: 3y, path_len: 0, issuer: first}
    /// good: {names: [shop.example.com], issuer: second}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${lower.crt}
    /// ${upper.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA` allows 0 CAs below it, and has 1 in this chain
    /// ```
    /// ```pem good
    /// ${good.crt}
    /// ${second.crt}
    /// ${first.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-path-length-exceeded",
        summary: "chain has more CAs than one of them allows below it",
        remedy: "Issue from the CA that has the constraint itself, or make its certificate again with a larger pathLenConstraint.",
        severity: High,
        check: Check::Bundle(check),
        peers: &["limbo:pathlen"],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9"],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    tell(site, FaultKind::PathLength, "the first CA that is too many", out);
}
