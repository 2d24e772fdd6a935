use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape, Verdict};

rule! {
    /// A Hugging Face token reads private models and data sets, and may write them.
    ///
    /// ```yaml bad
    /// token: "hf_AdbdmluWB·tDELJtPjhTlAQxUlbAeYFAbAV"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Hugging Face user token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "huggingface-token-committed",
        summary: "Hugging Face token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Hugging Face user token",
                "hf_",
                &[Part::Of(&charset::LETTER, 34, 34)],
            )
            .judged(both_letters),
            Shape::prefix(
                "Hugging Face organisation token",
                "api_org_",
                &[Part::Of(&charset::LETTER, 34, 34)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["huggingface-token"],
        peers: &[
            "betterleaks:huggingface-access-token",
            "betterleaks:huggingface-organization-api-token", "github:hf_org_api_key",
            "github:hf_user_access_token", "gitleaks:huggingface-access-token",
            "gitleaks:huggingface-organization-api-token", "kingfisher:kingfisher.huggingface.1",
            "noseyparker:np.huggingface.1", "titus:np.huggingface.1", "trufflehog:HuggingFace",
        ],
        references: &["https://huggingface.co/docs/hub/security-tokens"],
    }
}

fn both_letters(token: &str) -> Verdict {
    let body = token.get(3..).unwrap_or_default();
    let mixed = body.bytes().any(|b| b.is_ascii_uppercase())
        && body.bytes().any(|b| b.is_ascii_lowercase());
    if mixed { Verdict::Plain } else { Verdict::No }
}
