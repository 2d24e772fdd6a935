use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// Whoever can read the repository, now or in any clone of its history, holds the key: he can speak
    /// in its name, decrypt what was sent to it, or sign with it. A passphrase only slows that down.
    /// Keys of tests and examples are fine if nothing trusts them. Read in PEM of every kind, in literals
    /// of languages and in base64 as well, and as OpenSSH, PuTTY, PGP, JSON Web Key, WireGuard, minisign,
    /// signify, Tor and NATS write them.
    ///
    /// ```yaml bad
    /// tls.key: |
    ///   -----BEG·IN RSA PRIVATE KEY-----
    /// # ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RSA private key is committed
    ///   MIIEpAIBAAKCAQEAUCg8UmueVavB9koM7NGj7f71XTs16l0dnqG2JRpb0rQOI8rs
    ///   IPNxgA4TI21ynR1o4FCWvZTd1xVMbEkOqeDUYdLk0nPg6j/Zgv6JdSvveiOBTarK
    ///   -----END RSA PRIVATE KEY-----
    /// ```
    /// ```ini bad file=wg0.conf
    /// [Interface]
    /// PrivateKey = yAnz5TF+lXXJte14tji3z·lMNq+hd2rYUIgJBgB3fBmk=
    /// #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WireGuard private key is committed
    /// ```
    /// ```json bad file=jwks.json
    /// {"keys": [{"kty": "EC", "crv": "P-256", "d": "UCg8UmueVavB9koM7NGj·7f71XTs16l0dnqG2JRpb0rQ"}]}
    /// #                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private JSON Web Key (EC) is committed
    /// ```
    /// ```yaml good
    /// tls.key: |
    ///   -----BEGIN RSA PRIVATE KEY-----
    ///   ...
    ///   -----END RSA PRIVATE KEY-----
    /// ```
    pub(crate) static RULE: Check = {
        id: "private-key-committed",
        summary: "private key is committed",
        remedy: "Replace the key and its certificate, and mount the new key from a secret store.",
        severity: Critical,
        check: Check::Found(Find::PrivateKey),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        aliases: &[
            "key-committed",
            "tls-secret-plaintext-committed",
            "privatekey-private-key",
            "privatekey-private-key-3",
            "github-token",
            "layer-private-key",
        ],
        cwe: &[321, 798],
        peers: &[
            "betterleaks:private-key",
            "github:ec_private_key",
            "github:openssh_private_key",
            "github:pgp_private_key",
            "github:rsa_private_key",
            "gitleaks:private-key",
            "kingfisher:kingfisher.pem.1",
            "kingfisher:kingfisher.privkey.1",
            "kingfisher:kingfisher.privkey.2",
            "noseyparker:np.pem.1",
            "titus:kingfisher.privkey.1",
            "titus:kingfisher.privkey.2",
            "titus:np.pem.1",
            "trufflehog:PrivateKey",
            "trufflehog:GitHubApp",
            "dockle:CIS-DI-0010",
            "cis:4.10",
        ],
        references: &["https://www.rfc-editor.org/rfc/rfc7468"],
    }
}
