use std::collections::BTreeMap;

use careen_model::{Context, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};
use careen_x509_model::Certificate;

use crate::Check;
use crate::held::{Held, certificates};
use crate::names::{Called, Name, evidence};

rule! {
    /// Issuer and serial number together name a certificate (RFC 5280 §4.1.2.2): by them it is
    /// revoked, and by them it is remembered. Firefox refuses the second one that it sees
    /// (`SEC_ERROR_REUSED_ISSUER_AND_SERIAL`), and there is no button to go on. Scripts that call
    /// `openssl x509 -set_serial 01` make them, as do CAs whose counter file was lost, and two CAs
    /// that go by the same name.
    ///
    /// It is fine where nobody meets both. Certificates that sign themselves are taken one level
    /// milder.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// shop: {names: [shop.example.com], issuer: ca, serial: "01"}
    /// mail: {names: [mail.example.com], issuer: ca, serial: "01"}
    /// blog: {names: [blog.example.com], issuer: ca, serial: "02"}
    /// ```
    /// ```pem bad file=tls/a.crt
    /// ${shop.crt}
    /// ```
    /// ```pem bad file=tls/b.crt
    /// ${mail.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `mail.example.com` has issuer and serial number 01 in common with the one for `shop.example.com`
    /// ```
    /// ```pem good file=tls/a.crt
    /// ${shop.crt}
    /// ```
    /// ```pem good file=tls/b.crt
    /// ${shop.crt}
    /// ${blog.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-duplicate-serial",
        summary: "different certificates have the same issuer and serial number",
        remedy: "Have one of them issued anew with a random serial number, which CAs choose by themselves unless told otherwise.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2",
            "https://support.mozilla.org/en-US/kb/Certificate-contains-the-same-serial-number-as-another-certificate",
        ],
    }
}

/// A precertificate has the serial number of its certificate on purpose (RFC 6962 §3.1).
const POISON: &str = "1.3.6.1.4.1.11129.2.4.3";
/// Characters of a serial number in a message; it has 40 at most where it is sound.
const SHOWN: usize = 40;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut first: BTreeMap<([u8; 32], &str), Held<'_, Certificate>> = BTreeMap::new();
    for held in certificates(snapshot) {
        let certificate = held.what;
        if certificate.extension(POISON).is_some() {
            continue;
        }
        let known =
            first.entry((certificate.issuer_hash, certificate.serial.as_str())).or_insert(held);
        if known.what.sha256 == certificate.sha256 {
            continue;
        }
        let serial = certificate.serial.get(..SHOWN).unwrap_or(&certificate.serial);
        let message = format!(
            "{} has issuer and serial number {serial} in common with the one for `{}`",
            Called(certificate),
            Name(known.what)
        );
        let finding = held.report(out, message).evidence(evidence(certificate));
        finding.related(&known.file.source, known.item.place, "the other certificate");
        if certificate.self_issued {
            finding.severity(Severity::Medium);
        }
    }
}
