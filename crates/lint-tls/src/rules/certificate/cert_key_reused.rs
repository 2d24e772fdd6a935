use std::collections::BTreeMap;

use careen_model::{Context, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};
use careen_x509_model::Certificate;

use crate::Check;
use crate::held::{Held, certificates};
use crate::names::{Called, Name, evidence};

rule! {
    /// Whoever gets hold of a private key can stand in for every certificate that was issued for
    /// it. If shop and mail, or staging and production, have one key, the least guarded of them
    /// decides about all; and once it is lost, all must be revoked.
    ///
    /// A renewal for the same names that keeps its key is told as a note only: cert-manager did so
    /// until 1.18, and clients that pin the key need it. CAs keep their key when they are
    /// certified by another one, and are let be.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// shop: {names: [shop.example.com], issuer: ca}
    /// mail: {names: [mail.example.com], issuer: ca, key_of: shop, serial: "0a"}
    /// blog: {names: [blog.example.com], issuer: ca}
    /// cross: {ca: true, common_name: Shop CA, key_of: ca, not_after: 6y}
    /// ```
    /// ```pem bad file=tls/a.crt
    /// ${shop.crt}
    /// ```
    /// ```pem bad file=tls/b.crt
    /// ${mail.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `mail.example.com` has the same key as the one for `shop.example.com` in `tls/a.crt`
    /// ```
    /// ```pem good file=tls/a.crt
    /// ${shop.crt}
    /// ```
    /// ```pem good file=tls/b.crt
    /// ${shop.crt}
    /// ${blog.crt}
    /// ${ca.crt}
    /// ${cross.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-key-reused",
        summary: "different certificates have the same key",
        remedy: "Make a key for each certificate; in cert-manager, `privateKey.rotationPolicy: Always` makes one for each renewal.",
        severity: Medium,
        check: Check::Snapshot(check),
        security: true,
        cwe: &[323],
        controls: &[control::CREDENTIAL_ROTATION],
        references: &[
            "https://cert-manager.io/docs/usage/certificate/#issuance-behavior-rotation-of-the-private-key",
            "https://cheatsheetseries.owasp.org/cheatsheets/Key_Management_Cheat_Sheet.html",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut first: BTreeMap<[u8; 32], Held<'_, Certificate>> = BTreeMap::new();
    for held in certificates(snapshot).filter(|held| !held.what.is_ca()) {
        let certificate = held.what;
        let known = first.entry(certificate.key.spki_sha256).or_insert(held);
        if known.what.sha256 == certificate.sha256 {
            continue;
        }
        let message = format!(
            "{} has the same key as the one for `{}` in {}",
            Called(certificate),
            Name(known.what),
            known.place()
        );
        let finding = held.report(out, message).evidence(evidence(certificate));
        finding.related(&known.file.source, known.item.place, "the other certificate");
        let renewed = known.what.subject_hash == certificate.subject_hash
            && known.what.san == certificate.san;
        if renewed {
            finding.severity(Severity::Low);
        }
    }
}
