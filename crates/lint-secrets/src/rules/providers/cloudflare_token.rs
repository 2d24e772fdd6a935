use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::checksum;
use crate::shape::{Part, Shape};

rule! {
    /// A Cloudflare token changes DNS and what is served under it. The prefixed form carries a
    /// checksum.
    ///
    /// ```yaml bad
    /// token: "cfut_dkv7crU9ZSvJ·aspiFhcua14PHSAWiLywxEWiJmTu116818c4"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Cloudflare user token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "cloudflare-token-committed",
        summary: "Cloudflare token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Cloudflare user token",
                "cfut_",
                &[Part::Of(&charset::ALNUM, 48, 48)],
            )
            .judged(checksum::cloudflare),
            Shape::prefix(
                "Cloudflare account token",
                "cfat_",
                &[Part::Of(&charset::ALNUM, 48, 48)],
            )
            .judged(checksum::cloudflare),
            Shape::prefix(
                "Cloudflare global API key",
                "cfk_",
                &[Part::Of(&charset::ALNUM, 48, 48)],
            )
            .judged(checksum::cloudflare),
            Shape::prefix(
                "Cloudflare origin CA key",
                "v1.0-",
                &[
                    Part::Of(&charset::LOWER_HEX, 24, 24), Part::Is("-"),
                    Part::Of(&charset::LOWER_HEX, 146, 146),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["cloudflare-personal-token", "cloudflareglobalapikey-token", "cloudflare-token"],
        peers: &[
            "betterleaks:cloudflare-origin-ca-key", "github:cloudflare_global_user_api_key",
            "github:cloudflare_user_api_token", "gitleaks:cloudflare-origin-ca-key",
            "kingfisher:kingfisher.cloudflare.2", "kingfisher:kingfisher.cloudflare.3",
            "titus:kingfisher.cloudflare.2", "trufflehog:CloudflareApiToken",
            "trufflehog:CloudflareGlobalApiKey",
        ],
    }
}
