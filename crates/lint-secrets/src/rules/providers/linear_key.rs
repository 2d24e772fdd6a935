use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Linear key reads and writes issues of a workspace.
    ///
    /// ```yaml bad
    /// token: "lin_api_PzKWnO0X·KAPfcB16fUGLbApYc5AgmjkVdBm3U5Lc"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Linear API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "linear-key-committed",
        summary: "Linear API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Linear API key", "lin_api_", &[Part::Of(&charset::ALNUM, 40, 64)]),
            Shape::prefix("Linear OAuth token", "lin_oauth_", &[Part::Of(&charset::ALNUM, 40, 64)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["linear-token"],
        peers: &[
            "betterleaks:linear-api-key", "github:linear_api_key", "gitleaks:linear-api-key",
            "kingfisher:kingfisher.linear.1", "titus:kingfisher.linear.1", "trufflehog:LinearAPI",
        ],
    }
}
