use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Pulumi token changes infrastructure and reads its state.
    ///
    /// ```yaml bad
    /// token: "pul-86bf8ec876·4a715ec107d2a7dde236ce2fa0777b"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Pulumi access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "pulumi-token-committed",
        summary: "Pulumi access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Pulumi access token", "pul-", &[Part::Of(&charset::LOWER_HEX, 40, 40)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["pulumi-token"],
        peers: &[
            "betterleaks:pulumi-api-token", "github:pulumi_access_token",
            "gitleaks:pulumi-api-token", "kingfisher:kingfisher.pulumi.1",
            "titus:kingfisher.pulumi.1", "trufflehog:Pulumi",
        ],
    }
}
