use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// A key or token in a file is in every clone, image and backup of it, and is rotated by nobody.
    /// Templates, references, ciphertext and values made of words are left alone.
    ///
    /// ```yaml bad
    /// signing:
    ///   secretKey: 9f3k·Wq7Lz2Vx8Rt5Bn1Mc6Yd4
    /// #            ^^^^^^^^^^^^^^^^^^^^^^^^^ `secretKey` is assigned a literal secret
    /// ```
    /// ```yaml good
    /// signing:
    ///   secretKeyRef:
    ///     name: signing
    ///     key: secret-key
    /// ```
    pub(crate) static RULE: Check = {
        id: "secret-assigned",
        summary: "a literal secret is assigned",
        remedy: "Rotate the secret and read it from a secret store or a mounted file.",
        severity: High,
        check: Check::Found(Find::Secret),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::Medium,
        aliases: &[
            "generic-token",
            "generic-client-secret",
            "configmap-contains-secret",
            "auth0-password",
            "jwt-client-secret",
        ],
        cwe: &[798],
        peers: &[
            "betterleaks:curl-auth-header",
            "betterleaks:generic-api-key",
            "github:http_bearer_authentication_header",
            "gitleaks:curl-auth-header",
            "gitleaks:generic-api-key",
            "kingfisher:kingfisher.generic.1",
            "kingfisher:kingfisher.generic.2",
            "noseyparker:np.generic.1",
            "noseyparker:np.generic.15",
            "noseyparker:np.generic.16",
            "noseyparker:np.generic.2",
            "noseyparker:np.generic.9",
            "noseyparker:np.http.2",
            "titus:kingfisher.curl.2",
            "titus:np.generic.1",
            "titus:np.generic.15",
            "titus:np.generic.16",
            "titus:np.generic.2",
            "titus:np.generic.9",
            "titus:np.http.2",
            "trufflehog:Generic",
            "polaris:sensitiveConfigmapContent",
            "trivy:KSV-0109",
            "kubescape:C-0012",
            "noseyparker:np.auth0.1",
            "titus:np.auth0.1",
            "noseyparker:np.jwt.2",
            "noseyparker:np.jwt.3",
            "titus:np.jwt.2",
            "titus:np.jwt.3",
            "gitleaks:curl-auth-user",
            "betterleaks:curl-auth-user",
        ],
    }
}
