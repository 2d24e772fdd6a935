use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// A keystore holds private keys. The passphrase that protects it is often short, shared or in the same
    /// repository, and can be guessed without anybody noticing. PKCS#12, Java keystores, KeePass databases and
    /// macOS keychains are known by how they start, in files and behind base64. A Java keystore with nothing but
    /// certificates is left alone.
    ///
    /// ```yaml bad
    /// keystore: "/u3+7QAAAAIAAAABAAAAAQACYWIAAAECAwQFBgVOl+ApcrsjbLX+R5DZQYrT·HGWu91+o8TqDzBV9xg9Yoeozm+Qtdr8IUbkCS5TdJm/XIGmy+0SN9T6H0A=="
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Java keystore (JKS) is committed in base64, protected by a passphrase only
    /// ```
    /// ```yaml good
    /// truststore: "/u3+7QAAAAIAAAABAAAAAgACYWIAAAECAwQFBgAFWC41MDkAAAA8BU6X4ClyuyNstf5HkNlBitMcZa73X6jxOoPMFX3GD1ih6jOb5C12vwhRuQJLlN0mb9cgabL7RI31PofQ"
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-store-committed",
        summary: "a keystore is committed",
        remedy: "Replace the keys in the store and the passphrase, and mount the new store from a secret.",
        severity: Medium,
        check: Check::Found(Find::KeyStore),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        aliases: &["keystore-private-key-committed"],
        cwe: &[321, 798],
        peers: &["betterleaks:pkcs12-file", "gitleaks:pkcs12-file"],
    }
}
