use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A Fastly API token changes what is served. It has no mark of its own, so the name before it
    /// must say whose it is.
    ///
    /// ```yaml bad
    /// fastly_key: "r1ZA6kYtZa·xFoxpbOgnZYWYKzZqkOT04"
    /// #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Fastly API token
    /// ```
    /// ```yaml good
    /// fastly_key: "${FASTLY_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "fastly-token-committed",
        summary: "Fastly API token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Fastly API token",
                &["fastly"],
                &[Part::Of(&charset::URL64, 32, 32)],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["fastly-token", "fastlypersonaltoken-personal-token"],
        peers: &[
            "betterleaks:fastly-api-token", "github:fastly_api_token", "gitleaks:fastly-api-token",
            "kingfisher:kingfisher.fastly.1", "titus:kingfisher.fastly.1",
            "trufflehog:FastlyPersonalToken",
        ],
    }
}
