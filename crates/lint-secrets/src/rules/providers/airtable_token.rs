use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// An Airtable personal access token reads and writes bases. It has no mark of its own, so the
    /// name before it must say whose it is.
    ///
    /// ```yaml bad
    /// airtable_key: "patTgREi4WUknZXaR.00ba099fc·34322dbc8ad7b172b9f7f8f7d5a8b0d4255e75a9d1e6bb2ec104901"
    /// #              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Airtable personal access token
    /// ```
    /// ```yaml good
    /// airtable_key: "${AIRTABLE_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "airtable-token-committed",
        summary: "Airtable personal access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Airtable personal access token",
                &["airtable"],
                &[
                    Part::Is("pat"), Part::Of(&charset::ALNUM, 14, 14), Part::Is("."),
                    Part::Of(&charset::LOWER_HEX, 64, 64),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["airtable-personal-token"],
        peers: &[
            "github:airtable_personal_access_token", "kingfisher:kingfisher.airtable.1",
            "titus:kingfisher.airtable.1", "trufflehog:AirtablePersonalAccessToken",
        ],
    }
}
