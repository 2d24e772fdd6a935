use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Perplexity key runs models at the expense of its account.
    ///
    /// ```yaml bad
    /// token: "pplx-uhwY8wtULHvY·Jj3mZVbwT8AObCW06BaBAtxdinT4PEiZv7yQ"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Perplexity API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "perplexity-key-committed",
        summary: "Perplexity API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Perplexity API key", "pplx-", &[Part::Of(&charset::ALNUM, 48, 56)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["perplexity-token"],
        peers: &[
            "betterleaks:perplexity-api-key", "github:perplexity_api_key",
            "gitleaks:perplexity-api-key", "kingfisher:kingfisher.perplexity.1",
            "titus:kingfisher.perplexity.1",
        ],
    }
}
