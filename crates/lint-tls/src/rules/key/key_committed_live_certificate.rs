use std::collections::BTreeMap;

use careen_model::{Context, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};
use careen_x509_model::Certificate;

use crate::Check;
use crate::date::Date;
use crate::held::{Held, body, certificates, private_keys};
use crate::names::{Called, evidence};
use crate::validity::Validity;

rule! {
    /// A private key in a repository is a leak; one whose certificate is valid today is a leak
    /// that can be used today. Whoever reads the repository can stand in for the service until the
    /// certificate ends, and removing the file does not help: the history keeps it. If a public CA
    /// issued the certificate, it must be revoked within a day of being told (Baseline
    /// Requirements §4.9.1.1).
    ///
    /// It is fine for keys of tests; with a certificate that is self-signed, and so trusted by
    /// few, the finding is one level milder, and milder still where a program or its documentation
    /// quotes the key. CAs have a rule of their own.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// old: {names: [shop.example.com], issuer: ca, not_before: -100d, not_after: -11d}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key in `tls.key` of Secret `shop/web-tls` belongs to the certificate for `shop.example.com`, which is valid until 2027-02-19
    /// ```
    /// ```pem good file=deploy/key.pem
    /// ${old.key}
    /// ```
    /// ```pem good file=deploy/cert.pem
    /// ${old.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-committed-live-certificate",
        summary: "private key of a valid certificate stands in the repository",
        remedy: "Revoke the certificate, have a new one issued for a new key, and keep the key in a secret store or let cert-manager hold it.",
        severity: Critical,
        check: Check::Snapshot(check),
        security: true,
        cwe: &[321, 312],
        controls: &[control::SECRETS_NOT_IN_REPO, control::CREDENTIAL_ROTATION],
        references: &[
            "https://cabforum.org/working-groups/server/baseline-requirements/",
            "https://cert-manager.io/docs/usage/certificate/",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let mut keys = private_keys(snapshot).filter(|held| held.what.key.is_some()).peekable();
    if keys.peek().is_none() {
        return;
    }
    // The certificate that is valid the longest speaks for its key.
    let mut live: BTreeMap<[u8; 32], Held<'_, Certificate>> = BTreeMap::new();
    for held in certificates(snapshot) {
        if held.what.is_ca() || Validity::of(held.what, context.now) != Validity::Valid {
            continue;
        }
        let known = live.entry(held.what.key.spki_sha256).or_insert(held);
        if known.what.not_after < held.what.not_after {
            *known = held;
        }
    }
    for key in keys {
        let hash = key.what.key.as_ref().map(|facts| facts.spki_sha256);
        let Some(certificate) = hash.and_then(|hash| live.get(&hash)) else { continue };
        let message = format!(
            "private key in {} belongs to the {}, which is valid until {}",
            key.place(),
            Called(certificate.what),
            Date(certificate.what.not_after)
        );
        let finding = key.report(out, message);
        finding.evidence(evidence(certificate.what)).secret(body(key.item)).related(
            &certificate.file.source,
            certificate.item.place,
            "the certificate",
        );
        if key.is_quoted() {
            finding.severity(Severity::Medium);
        } else if certificate.what.self_issued {
            finding.severity(Severity::High);
        }
    }
}
