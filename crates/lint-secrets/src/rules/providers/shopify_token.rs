use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Shopify token reads orders and customers of a shop.
    ///
    /// ```yaml bad
    /// token: "shpat_a65b9c·75aecf4bc6b467d2622815000e"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Shopify access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "shopify-token-committed",
        summary: "Shopify access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Shopify access token", "shpat_", &[Part::Of(&charset::HEX, 32, 32)]),
            Shape::prefix("Shopify custom app token", "shpca_", &[Part::Of(&charset::HEX, 32, 32)]),
            Shape::prefix(
                "Shopify private app token",
                "shppa_",
                &[Part::Of(&charset::HEX, 32, 32)],
            ),
            Shape::prefix("Shopify shared secret", "shpss_", &[Part::Of(&charset::HEX, 32, 32)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["shopify-token"],
        peers: &[
            "betterleaks:shopify-access-token", "betterleaks:shopify-custom-access-token",
            "betterleaks:shopify-private-app-access-token", "betterleaks:shopify-shared-secret",
            "github:shopify_access_token", "github:shopify_app_client_secret",
            "github:shopify_app_shared_secret", "github:shopify_custom_app_access_token",
            "github:shopify_marketplace_token", "github:shopify_merchant_token",
            "github:shopify_partner_api_token", "github:shopify_private_app_password",
            "gitleaks:shopify-access-token", "gitleaks:shopify-custom-access-token",
            "gitleaks:shopify-private-app-access-token", "gitleaks:shopify-shared-secret",
            "kingfisher:kingfisher.shopify.1", "noseyparker:np.shopify.2",
            "noseyparker:np.shopify.3", "noseyparker:np.shopify.4", "noseyparker:np.shopify.5",
            "titus:np.shopify.2", "titus:np.shopify.3", "titus:np.shopify.4", "titus:np.shopify.5",
            "trufflehog:Shopify", "trufflehog:ShopifyOAuth",
        ],
    }
}
