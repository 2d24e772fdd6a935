use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A CircleCI token runs pipelines and reads their settings.
    ///
    /// ```yaml bad
    /// token: "CCIPAT_kJnexSJ8VHoAWLVs·P65Zkc_180bc30c772287879e43837406ced0113b7d16a3"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ CircleCI personal token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "circleci-token-committed",
        summary: "CircleCI personal token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "CircleCI personal token",
                "CCIPAT_",
                &[Part::Of(&charset::WORD, 40, 80)],
            ),
            Shape::prefix("CircleCI project token", "CCIPRJ_", &[Part::Of(&charset::WORD, 40, 80)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["circleci-personal-token", "circleci-service-token"],
        peers: &[
            "betterleaks:circleci-personal-token", "github:circleci_bot_access_token",
            "github:circleci_personal_access_token", "github:circleci_project_access_token",
            "kingfisher:kingfisher.circleci.1", "kingfisher:kingfisher.circleci.3",
            "titus:kingfisher.circleci.1", "trufflehog:Circle",
        ],
    }
}
