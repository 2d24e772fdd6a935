use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Notion token reads and writes pages of a workspace.
    ///
    /// ```yaml bad
    /// token: "ntn_PVGsSMwMoWES·YkAUloD2MXhFArTP0BRkHRq86KlTmf7ucJ"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Notion integration token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "notion-token-committed",
        summary: "Notion integration token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Notion integration token", "ntn_", &[Part::Of(&charset::ALNUM, 46, 46)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["notion-token"],
        peers: &[
            "betterleaks:notion-api-token", "github:notion_api_token",
            "github:notion_integration_token", "gitleaks:notion-api-token",
            "kingfisher:kingfisher.notion.2", "titus:kingfisher.notion.2",
        ],
    }
}
