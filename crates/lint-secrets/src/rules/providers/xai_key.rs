use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// An xAI key runs models at the expense of its account.
    ///
    /// ```yaml bad
    /// token: "xai-I6bctvAE7zol8N6jFfZqAWrq·NJLfKFHineuAqQuHOtnUnwiedLRNSFNSzDf4IX6pmARK7vPUauLMEfjQ"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ xAI API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "xai-key-committed",
        summary: "xAI API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("xAI API key", "xai-", &[Part::Of(&charset::URL64, 70, 120)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["xai-token"],
        peers: &[
            "betterleaks:xai-api-key", "github:xai_api_key", "kingfisher:kingfisher.xai.1",
            "titus:kingfisher.xai.1", "trufflehog:XAI",
        ],
    }
}
