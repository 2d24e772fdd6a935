use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::{Content, Form};

use crate::names::Shown;
use crate::{BundleSite, Check};

rule! {
    /// A block that says CERTIFICATE and holds none stops a server at its start (`tls: failed to
    /// find any PEM data`, `x509: malformed certificate`), or is skipped in silence in a CA
    /// bundle, so that the CA it should hold is not trusted. ingress-nginx serves its own fake
    /// certificate instead. Mostly a copy lost characters on its way.
    ///
    /// What has the outline of a certificate and is only badly written is not told here, but by
    /// `cert-malformed-der`. Programs and documentation, where made-up certificates are common, are not looked at.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// undated: {names: [shop.example.com], issuer: ca, forge: {not_after: "271301000000Z"}}
    /// keyless: {names: [shop.example.com], issuer: ca, forge: {issuer: "0500"}}
    /// broken: {names: [shop.example.com], issuer: ca, key: rsa2048, forge: {spki: "3012300d06092a864886f70d0101010500030100"}}
    /// ```
    /// ```pem bad
    /// -----BEGIN CERTIFICATE-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PEM block `CERTIFICATE` holds no readable certificate
    /// MIIBCgIBATANBgkqhkiG9w0BAQsFADAVMRMwEQYDVQQDDApUZXN0IENBIENBAAAA
    /// -----END CERTIFICATE-----
    /// ```
    /// ```pem bad
    /// ${undated.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PEM block `CERTIFICATE` holds no readable certificate: notAfter is no time
    /// ${keyless.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PEM block `CERTIFICATE` holds no readable certificate: issuer is missing
    /// ```
    /// ```binary bad file=shop.der
    /// ${undated.der}
    /// ^ file holds no readable certificate: notAfter is no time
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${broken.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-unparsable",
        summary: "block holds no readable certificate",
        remedy: "Copy the certificate again from its source.",
        severity: High,
        check: Check::Bundle(check),
        peers: &["pkilint:itu.invalid_asn1_syntax"],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc7468#section-5"],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if site.quoted {
        return;
    }
    let material = &site.bundle.material;
    // What is wrong with the block itself is told by `pem-malformed`.
    let mut told: Vec<u32> = Vec::new();
    for item in &material.items {
        let Content::Unparsable { reason } = &item.content else { continue };
        let binary = item.form == Form::Binary;
        if !binary && !item.label.ends_with("CERTIFICATE") && !item.label.contains("PKCS") {
            continue;
        }
        if told.is_empty() {
            told = material.problems.iter().map(|problem| problem.place.start).collect();
            told.sort_unstable();
        }
        let after = told.partition_point(|start| *start < item.whole.start);
        if told.get(after).is_none_or(|start| *start >= item.whole.end) {
            let label = Shown(&item.label);
            let message = if binary {
                format!("file holds no readable certificate: {reason}")
            } else {
                format!("PEM block `{label}` holds no readable certificate: {reason}")
            };
            out.report(item.place, message);
        }
    }
}
