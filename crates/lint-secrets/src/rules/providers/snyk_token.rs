use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A Snyk token reads which weaknesses a project has. It has no mark of its own, so the name
    /// before it must say whose it is.
    ///
    /// ```yaml bad
    /// snyk_key: "0b5f6999-3b0·a-446a-aa07-2df75aa091f4"
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Snyk token
    /// ```
    /// ```yaml good
    /// snyk_key: "${SNYK_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "snyk-token-committed",
        summary: "Snyk token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Snyk token",
                &["snyk"],
                &[Part::Of(&charset::UUID, 36, 36)],
            )
            .judged(judges::uuid),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["snyk-token"],
        peers: &[
            "betterleaks:snyk-api-token", "gitleaks:snyk-api-token", "kingfisher:kingfisher.snyk.1",
            "titus:kingfisher.snyk.1", "trufflehog:SnykKey",
        ],
    }
}
