use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Vercel token deploys sites and reads their settings.
    ///
    /// ```yaml bad
    /// token: "vcp_ITDIN8SiIQt6i2a7·qE5i7LmeipULRMVvZyXZEWtZDTKxtEBcE21TUFul"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Vercel personal access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "vercel-token-committed",
        summary: "Vercel personal access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Vercel personal access token",
                "vcp_",
                &[Part::Of(&charset::URL64, 56, 56)],
            ),
            Shape::prefix("Vercel integration token", "vci_", &[Part::Of(&charset::URL64, 56, 56)]),
            Shape::prefix("Vercel app token", "vca_", &[Part::Of(&charset::URL64, 56, 56)]),
            Shape::prefix("Vercel refresh token", "vcr_", &[Part::Of(&charset::URL64, 56, 56)]),
            Shape::prefix("Vercel AI gateway key", "vck_", &[Part::Of(&charset::URL64, 56, 56)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &[
            "vercel-personal-token", "vercel-token", "vercel-token-vca", "vercel-refresh-token",
            "vercel-token-vci",
        ],
        peers: &[
            "betterleaks:vercel-ai-gateway-key", "betterleaks:vercel-app-access-token",
            "betterleaks:vercel-app-refresh-token", "betterleaks:vercel-integration-token",
            "betterleaks:vercel-personal-access-token", "github:vercel_api_key",
            "github:vercel_app_refresh_token", "github:vercel_app_user_access_token",
            "github:vercel_integration_access_token", "github:vercel_personal_access_token",
            "github:vercel_support_access_token", "kingfisher:kingfisher.vercel.2",
            "kingfisher:kingfisher.vercel.3", "kingfisher:kingfisher.vercel.4",
            "kingfisher:kingfisher.vercel.5", "kingfisher:kingfisher.vercel.6",
        ],
    }
}
