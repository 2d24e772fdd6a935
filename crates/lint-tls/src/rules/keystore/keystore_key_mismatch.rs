use std::collections::BTreeMap;

use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::{Certificate, Content, EntryKind, PrivateKey};

use crate::names::{Called, evidence};
use crate::stores::Entry;
use crate::{Check, StoreSite};

rule! {
    /// An entry with a private key must hold the certificate of that key. `keytool` checks that when
    /// it imports a reply, other tools do not; Java then fails in the middle of a handshake
    /// (`no cipher suites in common`, or a signature that does not verify), which says nothing about
    /// the cause. Mostly a renewed certificate was put beside the old key.
    ///
    /// Only stores that open with a password that everybody knows can be judged. It is fine as a test
    /// of exactly this.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// old: {names: [shop.example.com], issuer: ca}
    /// new: {names: [shop.example.com], issuer: ca}
    /// mixed: {store: {jks: [new, ca], key: old, password: changeit}}
    /// mixed12: {store: {pkcs12: [new, ca], key: old, password: changeit}}
    /// sound: {store: {jks: [new, ca], password: changeit}}
    /// ```
    /// ```binary bad file=deploy/shop.jks
    /// ${mixed.jks}
    /// ^ private key in entry `shop` of JKS keystore `shop.jks` does not belong to the certificate for `shop.example.com` beside it
    /// ```
    /// ```binary bad file=deploy/shop.p12
    /// ${mixed12.p12}
    /// ^ private key in entry `shop` of PKCS#12 keystore `shop.p12` does not belong to the certificate for `shop.example.com`
    /// ```
    /// ```binary good file=deploy/shop.jks
    /// ${sound.jks}
    /// ```
    pub(crate) static RULE: Check = {
        id: "keystore-key-mismatch",
        summary: "private key of a key store's entry does not belong to its certificate",
        remedy: "Put the key and the certificate of one issuance into the entry, or have a new certificate issued for the key.",
        severity: High,
        check: Check::Store(check),
        controls: &[control::TLS_VALID],
        references: &["https://docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html"],
    }
}

/// What an entry holds.
#[derive(Default)]
struct Pair<'a> {
    key: Option<&'a PrivateKey>,
    first: Option<&'a Certificate>,
    /// Whether any of its certificates is the key's.
    belongs: bool,
}

fn check(site: &StoreSite<'_>, _: &Context, out: &mut Sink<'_>) {
    // The key stands before its certificates.
    let mut pairs: BTreeMap<usize, Pair<'_>> = BTreeMap::new();
    for item in &site.bundle.bundle.material.items {
        let Some(id) = item.entry.filter(|id| id.store == site.index) else { continue };
        match &item.content {
            Content::PrivateKey(key) => pairs.entry(id.entry).or_default().key = Some(key),
            Content::Certificate(certificate) => {
                let pair = pairs.entry(id.entry).or_default();
                let hash = pair.key.and_then(|key| key.key.as_ref()).map(|key| key.spki_sha256);
                pair.belongs |= hash == Some(certificate.key.spki_sha256);
                pair.first.get_or_insert(certificate);
            }
            _ => {}
        }
    }
    for (index, pair) in pairs {
        let Some(entry) = site.store.entries.get(index) else { continue };
        let readable = pair.key.is_some_and(|key| key.key.is_some());
        let Some(certificate) = pair.first.filter(|_| readable && !pair.belongs) else { continue };
        if entry.kind == EntryKind::PrivateKey {
            let message = format!(
                "private key in {} of {site} does not belong to the {} beside it",
                Entry(entry),
                Called(certificate)
            );
            site.report(out, message).evidence(evidence(certificate));
        }
    }
}
