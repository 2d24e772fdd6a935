use careen_rule::{Severity, control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// The id of an AWS access key names the account and is half of a credential; its secret is
    /// usually not far away. A temporary key (`ASIA`) expires within hours.
    ///
    /// ```yaml bad
    /// token: "AKIAZ7·QK4M2XW5RT3NVB"
    /// #       ^^^^^^^^^^^^^^^^^^^^ AWS access key id
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "aws-access-key-id-committed",
        summary: "AWS access key id is committed",
        remedy: "Delete the access key in IAM and let the workload assume a role instead.",
        severity: Medium,
        check: Check::Token(&[
            Shape::prefix("AWS access key id", "AKIA", &[Part::Of(&charset::BASE32, 16, 16)]),
            Shape::prefix(
                "temporary AWS access key id",
                "ASIA",
                &[Part::Of(&charset::BASE32, 16, 16)],
            )
            .severity(Severity::Low),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["aws-token"],
        peers: &[
            "betterleaks:aws-access-token", "github:aws_access_key_id",
            "github:aws_temporary_access_key_id", "gitleaks:aws-access-token",
            "kingfisher:kingfisher.aws.1", "noseyparker:np.aws.1", "noseyparker:np.aws.6",
            "titus:np.aws.1", "titus:np.aws.6",
        ],
        references: &[
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
        ],
    }
}
