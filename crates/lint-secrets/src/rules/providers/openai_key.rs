use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// An OpenAI key spends the money of its project and reads what is stored there.
    ///
    /// ```yaml bad
    /// token: "sk-proj-WZ1dqYO28s0iMRZEYpP0YYPpkFy5YV0CspAw2·PKEhaqvhZXWQFIIIPtYJPE5T3BlbkFJtWrXaxztNFRl89ODivV4Q88bw9ykwS2v6km97eVQArzOzCx2NEv3Np3BGthc"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ OpenAI API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "openai-key-committed",
        summary: "OpenAI API key is committed",
        remedy: "Delete the key at OpenAI and hand a new one over from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::infix(
                "OpenAI API key",
                (&charset::URL64, 20, 160),
                "T3BlbkFJ",
                &[Part::Of(&charset::URL64, 20, 160)],
            )
            .judged(judges::openai),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["openai-token", "openai-admin-key"],
        peers: &[
            "betterleaks:openai-api-key", "github:openai_api_key", "gitleaks:openai-api-key",
            "kingfisher:kingfisher.openai.1", "kingfisher:kingfisher.openai.2",
            "kingfisher:kingfisher.openai.3", "noseyparker:np.openai.1", "titus:np.openai.1",
            "trufflehog:OpenAI", "trufflehog:OpenAIAdmin",
        ],
        references: &["https://platform.openai.com/docs/api-reference/authentication"],
    }
}
