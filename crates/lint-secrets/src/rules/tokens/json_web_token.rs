use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// A signed token is a credential until it expires, and some never do. The expiry is read: a token
    /// that is over says who once had access, and no more. Samples of documents, keys meant for browsers
    /// and unsigned tokens are left alone.
    ///
    /// ```yaml bad
    /// token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ3b3JrZXItNyIsInNjb3BlIjoib3JkZX·JzOndyaXRlIiwiaWF0IjoxNzYyMDAwMDAwfQ.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ JSON Web Token
    /// ```
    /// ```yaml bad
    /// token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ3b3JrZXItNyIsInNjb3BlIjoib3JkZX·JzOndyaXRlIiwiZXhwIjoxODkzNDU2MDAwfQ.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ JSON Web Token
    /// ```
    /// ```yaml bad
    /// token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ3b3JrZXItNyIsInNjb3BlIjoib3JkZX·JzOndyaXRlIiwiZXhwIjoxNjgyODk5MjAwfQ.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ JSON Web Token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// sample: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX"
    /// ```
    pub(crate) static RULE: Check = {
        id: "json-web-token-committed",
        summary: "JSON Web Token is committed",
        remedy: "Revoke the token if it can still be used, and make tokens when they are needed.",
        severity: Medium,
        check: Check::Found(Find::WebToken),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[798],
        aliases: &["jwt-token-eyj", "jwt-token"],
        peers: &["betterleaks:jwt-base64", "gitleaks:jwt-base64", "trufflehog:JWT"],
        references: &["https://www.rfc-editor.org/rfc/rfc7519"],
    }
}
