use careen_rule::{Confidence, control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Anchor, Part, Shape};

rule! {
    /// A signed token is a credential until it expires, and some never do. Samples of documents,
    /// keys meant for browsers and unsigned tokens are left alone.
    ///
    /// ```yaml bad
    /// token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ3b3Jr·ZXItNyIsInNjb3BlIjoib3JkZXJzOndyaXRlIiwiaWF0IjoxNzYyMDAwMDAwfQ.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ JSON Web Token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "json-web-token-committed",
        summary: "JSON Web Token is committed",
        remedy: "Revoke the token if it can still be used, and make tokens when they are needed.",
        severity: Medium,
        check: Check::Token(&[
            Shape {
                kind: "JSON Web Token",
                anchor: Anchor::Literal(0),
                parts: &[
                    Part::Is("eyJ"),
                    Part::Of(&charset::URL64_PADDED, 12, 2000), Part::Is("."),
                    Part::Of(&charset::URL64_PADDED, 12, 8000), Part::Is("."),
                    Part::Of(&charset::URL64, 20, 2000),
                ],
                judge: judges::jwt,
                confidence: Confidence::Medium,
                severity: None,
            },
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["jwt-token-eyj", "jwt-token"],
        peers: &["betterleaks:jwt-base64", "gitleaks:jwt-base64", "trufflehog:JWT"],
        references: &["https://www.rfc-editor.org/rfc/rfc7519"],
    }
}
