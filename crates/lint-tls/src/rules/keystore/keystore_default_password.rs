use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::{Check, StoreSite};

rule! {
    /// A key store is as safe as its password. `changeit` stands in Java's own documentation,
    /// `changeme` and `password` are what everybody tries next, and with no password at all nothing
    /// needs to be tried: whoever gets the file, from the repository, an image layer or a backup, has
    /// the private keys.
    ///
    /// In a store with nothing but certificates the password only guards against changes, and the
    /// finding is milder: who can change the file could put in a CA without anybody noticing. That
    /// is fine where the file comes out of the repository or an image that is checked itself.
    ///
    /// ```recipe
    /// leaf: {names: [shop.example.com]}
    /// partner: {ca: true, common_name: Partner CA, not_after: 5y}
    /// shop: {store: {pkcs12: [leaf], password: changeit}}
    /// trust: {store: {jks: [], trusted: [partner], password: changeit}}
    /// empty: {store: {pkcs12: [leaf], password: "", kdf: legacy}}
    /// own: {store: {pkcs12: [leaf]}}
    /// ```
    /// ```binary bad file=deploy/shop.p12
    /// ${shop.p12}
    /// ^ PKCS#12 keystore `shop.p12` holds a private key and opens with the password `changeit`
    /// ```
    /// ```binary bad file=deploy/truststore.jks
    /// ${trust.jks}
    /// ^ JKS keystore `truststore.jks` opens with the password `changeit`
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop, namespace: shop}
    /// data:
    ///   keystore.p12: ${empty.p12|base64}
    /// #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PKCS#12 keystore in `keystore.p12` of Secret `shop/shop` holds a private key and opens with the empty password
    /// ```
    /// ```binary good file=deploy/shop.p12
    /// ${own.p12}
    /// ```
    pub(crate) static RULE: Check = {
        id: "keystore-default-password",
        summary: "key store opens with a password that everybody knows",
        remedy: "Make the store again with a long random password, have new keys made if it held any, and hand the password to the program from a Secret.",
        severity: High,
        check: Check::Store(check),
        security: true,
        cwe: &[521, 1392],
        controls: &[control::SECRETS_NOT_IN_REPO, control::TLS_VALID],
        references: &[
            "https://docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html",
            "https://www.rfc-editor.org/rfc/rfc7292",
        ],
    }
}

fn check(site: &StoreSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(password) = site.store.opens_with else { return };
    let has_key = site.store.entries.iter().any(|entry| entry.kind.is_key());
    let holds = if has_key { " holds a private key and" } else { "" };
    let message = match password {
        "" => format!("{site}{holds} opens with the empty password"),
        known => format!("{site}{holds} opens with the password `{known}`"),
    };
    let finding = site.report(out, message);
    finding.evidence("default password");
    if !has_key {
        finding.severity(Severity::Low);
    }
}
