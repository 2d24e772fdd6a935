use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A Cloudflare API token changes DNS and what is served under it. It has no mark of its own,
    /// so the name before it must say whose it is.
    ///
    /// ```yaml bad
    /// cloudflare_key: "RVADsyaqtsqTJ·RI9u3dD3dfsthr2VBzS1cBBeSjt"
    /// #                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Cloudflare API token
    /// ```
    /// ```yaml good
    /// cloudflare_key: "${CLOUDFLARE_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "cloudflare-legacy-key-committed",
        summary: "Cloudflare API token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Cloudflare API token",
                &["cloudflare"],
                &[Part::Of(&charset::URL64, 40, 40)],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["cloudflare-token-2"],
        peers: &[
            "betterleaks:cloudflare-api-key", "betterleaks:cloudflare-global-api-key",
            "github:cloudflare_account_api_token", "gitleaks:cloudflare-api-key",
            "gitleaks:cloudflare-global-api-key", "kingfisher:kingfisher.cloudflare.1",
            "titus:kingfisher.cloudflare.1",
        ],
    }
}
