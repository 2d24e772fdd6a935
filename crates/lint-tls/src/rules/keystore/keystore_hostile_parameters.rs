use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::MAX_ITERATIONS;

use crate::{Check, StoreSite};

rule! {
    /// The file itself says how much work it takes to try a password on it. Two kilobytes can ask for
    /// hours of computing or gigabytes of memory, and a service that opens uploaded or mounted stores
    /// stands still. More than a million iterations, or 64 MiB for scrypt, is no protection any more
    /// but a lever. Such a store is not opened here, so nothing is said of its password and contents.
    ///
    /// It is fine where the number was chosen on purpose and nobody but its owner opens the store.
    ///
    /// ```recipe
    /// leaf: {names: [shop.example.com]}
    /// sound: {store: {pkcs12: [leaf]}}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop, namespace: shop}
    /// data:
    ///   keystore.p12: MIGHAgEDMCQGCSqGSIb3DQEHAaAXBBUwEzARBgkqhkiG9w0BBwGgBAQCMAAwXDAhMAkGBSsOAwIaBQAEFGNhcmVlbmNhcmVlbmNhcmVlbmFiBDBzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQCBQD/////
    /// #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PKCS#12 keystore in `keystore.p12` of Secret `shop/shop` is not opened: it asks for 4294967295 iterations
    /// ```
    /// ```binary good file=deploy/shop.p12
    /// ${sound.p12}
    /// ```
    pub(crate) static RULE: Check = {
        id: "keystore-hostile-parameters",
        summary: "key store asks for more work than any should",
        remedy: "Write the store again with 10,000 to 600,000 iterations; do not open what others made before its parameters were read.",
        severity: Low,
        check: Check::Store(check),
        security: true,
        cwe: &[400],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc8018#section-4.2"],
    }
}

fn check(site: &StoreSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(reason) = &site.store.over_budget else { return };
    let message = format!("{site} is not opened: {reason}, and {MAX_ITERATIONS} are the most");
    let message =
        if reason.contains("scrypt") { format!("{site} is not opened: {reason}") } else { message };
    site.report(out, message).evidence(reason.clone());
}
