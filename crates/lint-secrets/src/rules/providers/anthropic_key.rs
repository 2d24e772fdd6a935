use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// An Anthropic key spends the money of its workspace; an admin key manages the whole
    /// organisation.
    ///
    /// ```yaml bad
    /// token: "sk-ant-api03-xOq6csRHpYntCcxkgRJOIZt·nWZpUMBC6xdcV1cQGWesqjIzLiqk6J5mtEPWywWGLHm65TyzXLebxvTRf4w0Y1Q8oyiaijAA"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Anthropic API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "anthropic-key-committed",
        summary: "Anthropic API key is committed",
        remedy: "Delete the key in the console and hand a new one over from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Anthropic API key", "sk-ant-api", &[Part::Of(&charset::URL64, 80, 120)]),
            Shape::prefix(
                "Anthropic admin key",
                "sk-ant-admin",
                &[Part::Of(&charset::URL64, 80, 120)],
            ),
            Shape::prefix(
                "Anthropic OAuth token",
                "sk-ant-o",
                &[Part::Of(&charset::URL64, 80, 120)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["anthropic-token", "anthropic-oauth-token", "anthropic-refresh-token"],
        peers: &[
            "betterleaks:anthropic-admin-api-key", "betterleaks:anthropic-api-key",
            "github:anthropic_admin_api_key", "github:anthropic_api_key",
            "gitleaks:anthropic-admin-api-key", "gitleaks:anthropic-api-key",
            "kingfisher:kingfisher.anthropic.1", "kingfisher:kingfisher.anthropic.2",
            "kingfisher:kingfisher.anthropic.3", "kingfisher:kingfisher.anthropic.4",
            "noseyparker:np.anthropic.1", "titus:np.anthropic.1", "trufflehog:Anthropic",
        ],
    }
}
