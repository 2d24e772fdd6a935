use std::collections::BTreeMap;

use careen_model::{Context, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};
use careen_x509_model::Certificate;

use crate::Check;
use crate::held::{Held, body, certificates, private_keys};
use crate::names::{Called, evidence, has_host};
use crate::validity::Validity;

rule! {
    /// Whoever reads the repository, or a clone of it years later, can issue certificates for any
    /// name, and everybody who trusts this CA believes them: servers can be impersonated, and with
    /// mutual TLS clients as well. Nothing of it can be called back but the CA itself.
    ///
    /// It is fine for CAs that only a test trusts. CAs that have expired are let be. The finding is
    /// milder for a self-signed certificate of a host, which `openssl req -x509` makes a CA's
    /// unasked and few trust, and for keys that a program or its documentation quotes.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad file=pki/shop-ca.pem
    /// ${ca.crt}
    /// ```
    /// ```pem bad file=pki/private.pem
    /// ${ca.key}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key of CA certificate `Shop CA` stands in the repository
    /// ```
    /// ```pem good file=pki/shop-ca.pem
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-ca-private-key-committed",
        summary: "private key of a CA stands in the repository",
        remedy: "Replace the CA and everything it issued; keep the new key in an HSM or a secret store.",
        severity: Critical,
        check: Check::Snapshot(check),
        security: true,
        cwe: &[321, 312],
        controls: &[control::SECRETS_NOT_IN_REPO, control::CREDENTIAL_ROTATION],
        references: &["https://cheatsheetseries.owasp.org/cheatsheets/Key_Management_Cheat_Sheet.html"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let mut keys = private_keys(snapshot).filter(|held| held.what.key.is_some()).peekable();
    if keys.peek().is_none() {
        return;
    }
    let mut authorities: BTreeMap<[u8; 32], Held<'_, Certificate>> = BTreeMap::new();
    for held in certificates(snapshot) {
        let past = Validity::of(held.what, context.now) == Validity::Expired;
        if held.what.is_ca() && !past {
            authorities.entry(held.what.key.spki_sha256).or_insert(held);
        }
    }
    for key in keys {
        let hash = key.what.key.as_ref().map(|facts| facts.spki_sha256);
        let Some(authority) = hash.and_then(|hash| authorities.get(&hash)) else { continue };
        let message = format!("private key of {} stands in the repository", Called(authority.what));
        let finding = key.report(out, message);
        finding.evidence(evidence(authority.what)).secret(body(key.item)).related(
            &authority.file.source,
            authority.item.place,
            "the CA's certificate",
        );
        if key.is_quoted() {
            finding.severity(Severity::Medium);
        } else if authority.what.self_issued && has_host(authority.what) {
            finding.severity(Severity::High);
        }
    }
}
