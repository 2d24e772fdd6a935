use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

static DASHES: charset::Set = charset::Set::of("0-9-");

rule! {
    /// A Databricks token reads tables and runs jobs.
    ///
    /// ```yaml bad
    /// token: "dapi56e8d188·3163f1496a54353d35b04a8c"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Databricks personal access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "databricks-token-committed",
        summary: "Databricks personal access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Databricks personal access token",
                "dapi",
                &[Part::Of(&charset::LOWER_HEX, 32, 32), Part::Of(&DASHES, 0, 2)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["databricks-token", "databricks-personal-token"],
        peers: &[
            "betterleaks:databricks-api-token", "github:databricks_access_token",
            "github:databricks_scoped_api_token", "github:databricks_scoped_internal_token",
            "github:databricks_token", "gitleaks:databricks-api-token",
            "kingfisher:kingfisher.databricks.1", "kingfisher:kingfisher.databricks.2",
            "noseyparker:np.databricks.1", "titus:np.databricks.1", "trufflehog:DatabricksToken",
        ],
    }
}
