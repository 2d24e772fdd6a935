use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::StoreKind;

use crate::{Check, StoreSite};

rule! {
    /// JKS hides keys behind one round of SHA-1 for every 20 bytes, which a graphics card tries
    /// billions of times a second; JCEKS and BKS are hardly better. Only Java reads them: Go, OpenSSL
    /// and curl do not. PKCS#12 has been Java's own default since Java 9, and keytool warns of
    /// everything else.
    ///
    /// It is fine where an old product reads nothing else.
    ///
    /// ```recipe
    /// leaf: {names: [shop.example.com]}
    /// old: {store: {jks: [leaf]}}
    /// older: {store: {jceks: [leaf]}}
    /// new: {store: {pkcs12: [leaf]}}
    /// ```
    /// ```binary bad file=deploy/shop.jks
    /// ${old.jks}
    /// ^ JKS keystore `shop.jks` is in a format of Java's own
    /// ```
    /// ```binary bad file=deploy/shop.jceks
    /// ${older.jceks}
    /// ^ JCEKS keystore `shop.jceks` is in a format of Java's own
    /// ```
    /// ```binary good file=deploy/shop.p12
    /// ${new.p12}
    /// ```
    pub(crate) static RULE: Check = {
        id: "keystore-legacy-format",
        summary: "key store is in a legacy format",
        remedy: "Convert it with `keytool -importkeystore -srckeystore OLD -destkeystore NEW.p12 -deststoretype pkcs12`.",
        severity: Low,
        check: Check::Store(check),
        peers: &["keytool:warning"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://openjdk.org/jeps/229",
            "https://docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html",
        ],
    }
}

fn check(site: &StoreSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let whose = match site.store.kind {
        StoreKind::Pkcs12 => return,
        StoreKind::Jks | StoreKind::Jceks => "Java's own, which only Java reads",
        StoreKind::Bks => "Bouncy Castle's own, which only Bouncy Castle reads",
    };
    site.report(out, format!("{site} is in a format of {whose}"));
}
