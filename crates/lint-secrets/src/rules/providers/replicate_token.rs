use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A Replicate token runs models at the expense of its account.
    ///
    /// ```yaml bad
    /// token: "r8_G6U2dZt5bk·bCB47OaFgGqs0oZ9SDI8pW5jiNI"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Replicate API token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "replicate-token-committed",
        summary: "Replicate API token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Replicate API token",
                "r8_",
                &[Part::Of(&charset::ALNUM, 37, 37)],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["replicate-token"],
        peers: &[
            "betterleaks:replicate-api-token", "github:replicate_api_token",
            "kingfisher:kingfisher.replicate.1", "titus:kingfisher.replicate.1",
            "trufflehog:Replicate",
        ],
    }
}
