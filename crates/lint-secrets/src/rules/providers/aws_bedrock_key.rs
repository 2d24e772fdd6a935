use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A long-lived Bedrock key invokes models at the expense of its account.
    ///
    /// ```yaml bad
    /// token: "ABSKQmVkcm9ja0FQSUtleS6IlLZuKSPCmDL6sbSb·le9uhXq2G9xrZAAXepSpw6ACEWTNdd0WJhLOkXToErLugaBQ6MppmduKdMcbaKEFJgcY04PX6cOtmrMwKx"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Amazon Bedrock API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "aws-bedrock-key-committed",
        summary: "Amazon Bedrock API key is committed",
        remedy: "Delete the key in IAM and use role credentials.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Amazon Bedrock API key",
                "ABSKQmVkcm9ja0FQSUtleS",
                &[Part::Of(&charset::BASE64, 80, 260)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["aws-token-absk"],
        peers: &[
            "betterleaks:aws-amazon-bedrock-api-key-long-lived", "github:aws_api_key",
            "gitleaks:aws-amazon-bedrock-api-key-long-lived",
            "kingfisher:kingfisher.aws.bedrock.long_lived",
        ],
    }
}
