use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A PlanetScale token opens databases.
    ///
    /// ```yaml bad
    /// token: "pscale_tkn_YRMhpDi·seUWZi35tnY29VTEnfpA5FjxDVQWDBttNAtr"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PlanetScale service token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "planetscale-token-committed",
        summary: "PlanetScale service token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "PlanetScale service token",
                "pscale_tkn_",
                &[Part::Of(&charset::DOTTED, 32, 64)],
            ),
            Shape::prefix(
                "PlanetScale OAuth token",
                "pscale_oauth_",
                &[Part::Of(&charset::DOTTED, 32, 64)],
            ),
            Shape::prefix(
                "PlanetScale password",
                "pscale_pw_",
                &[Part::Of(&charset::DOTTED, 32, 64)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["planetscale-token", "planetscale-oauth-token", "planetscale-password"],
        peers: &[
            "betterleaks:planetscale-api-token", "betterleaks:planetscale-oauth-token",
            "betterleaks:planetscale-password", "github:planetscale_database_password",
            "github:planetscale_oauth_token", "gitleaks:planetscale-api-token",
            "gitleaks:planetscale-oauth-token", "gitleaks:planetscale-password",
            "kingfisher:kingfisher.planetscale.1", "kingfisher:kingfisher.planetscale.3",
            "kingfisher:kingfisher.planetscale.4", "titus:kingfisher.planetscale.1",
            "trufflehog:PlanetScale", "trufflehog:PlanetScaleDb",
        ],
    }
}
