use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::{Check, StoreSite};

/// Fewer iterations than Java has taken for new stores since 2021, and keytool's documentation
/// names.
const ENOUGH: u64 = 10_000;

rule! {
    /// Whoever has a PKCS#12 file can guess at its password for as long as they like. RC2 with a key
    /// of 40 bits needs no guessing at all: every key can be tried in hours. With 3DES, a SHA-1 code
    /// or a few thousand iterations, as OpenSSL 1.1 and Java 8 wrote, one graphics card tries
    /// millions of passwords a second. And OpenSSL 3 opens RC2 only with its `legacy` provider, so
    /// such files break at the next upgrade of the base image.
    ///
    /// The finding is milder where only the number of iterations is small, as `openssl pkcs12` still
    /// writes it by default (2048), for stores without keys, and where everybody knows the password. It is fine where an old device reads
    /// nothing else.
    ///
    /// ```recipe
    /// leaf: {names: [shop.example.com]}
    /// rc2: {store: {pkcs12: [leaf], kdf: rc2, iterations: 2048}}
    /// few: {store: {pkcs12: [leaf], iterations: 2048}}
    /// sound: {store: {pkcs12: [leaf], iterations: 10000}}
    /// ```
    /// ```binary bad file=deploy/shop.p12
    /// ${rc2.p12}
    /// ^ PKCS#12 keystore `shop.p12` is encrypted with RC2 with 40 bits, guarded by SHA-1, derived in 2048 iterations
    /// ```
    /// ```binary bad file=deploy/few.p12
    /// ${few.p12}
    /// ^ PKCS#12 keystore `few.p12` is derived in 2048 iterations
    /// ```
    /// ```binary good file=deploy/shop.p12
    /// ${sound.p12}
    /// ```
    pub(crate) static RULE: Check = {
        id: "keystore-weak-kdf",
        summary: "PKCS#12 store is weakly encrypted",
        remedy: "Write the store again with AES-256, SHA-256 and 10,000 iterations or more: `openssl pkcs12 -export -iter 100000`, or keytool of Java 17 or later.",
        severity: Medium,
        check: Check::Store(check),
        security: true,
        cwe: &[326, 916],
        controls: &[control::TLS_VALID],
        references: &[
            "https://docs.openssl.org/3.5/man1/openssl-pkcs12/",
            "https://www.rfc-editor.org/rfc/rfc7292#appendix-B",
        ],
    }
}

fn check(site: &StoreSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let store = site.store;
    let mut defects = Vec::new();
    let weak = store.encryptions.iter().find(|encryption| encryption.weak);
    defects.extend(weak.map(|weak| format!("encrypted with {}", weak.cipher)));
    let mac = store.mac.as_ref().filter(|mac| mac.weak);
    defects.extend(mac.map(|mac| format!("guarded by {}", mac.digest)));
    // The cost parameter of scrypt, which takes memory as well, counts for more.
    let of_parts = store.encryptions.iter().filter(|each| each.memory == 0 && each.iterations > 0);
    let of_mac = store.mac.iter().map(|mac| mac.iterations);
    let least = of_parts.map(|each| each.iterations).chain(of_mac).min();
    let few = least.filter(|iterations| *iterations < ENOUGH);
    let only_few = defects.is_empty();
    defects.extend(few.map(|few| match few {
        1 => "derived in 1 iteration".to_owned(),
        few => format!("derived in {few} iterations"),
    }));
    if defects.is_empty() {
        return;
    }
    let finding = site.report(out, format!("{site} is {}", defects.join(", ")));
    finding.evidence(defects.join(", "));
    // Of a password that everybody knows `keystore-default-password` tells; nobody derives then.
    if only_few || !store.may_hold_keys() || store.opens_with.is_some() {
        finding.severity(Severity::Low);
    }
}
