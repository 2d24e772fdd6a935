use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::checksum;
use crate::shape::{Part, Shape};

rule! {
    /// A GitHub token reads and writes repositories, packages and workflows in the name of its
    /// owner. The tokens carry a checksum, so a made-up one is told from an issued one.
    ///
    /// ```yaml bad
    /// token: "ghp_26auCJp8c·HzlQEWht8NC1Wd3N52OWt3Wgcs9"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ GitHub personal access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "github-token-committed",
        summary: "GitHub token is committed",
        remedy: "Revoke the token at GitHub, issue a new one with fewer permissions, and hand it over from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "GitHub personal access token",
                "ghp_",
                &[Part::Of(&charset::ALNUM, 36, 36)],
            )
            .judged(checksum::github),
            Shape::prefix(
                "GitHub OAuth access token",
                "gho_",
                &[Part::Of(&charset::ALNUM, 36, 36)],
            )
            .judged(checksum::github),
            Shape::prefix(
                "GitHub App user token",
                "ghu_",
                &[Part::Of(&charset::ALNUM, 36, 36)],
            )
            .judged(checksum::github),
            Shape::prefix(
                "GitHub App installation token",
                "ghs_",
                &[Part::Of(&charset::ALNUM, 36, 36)],
            )
            .judged(checksum::github),
            Shape::prefix("GitHub refresh token", "ghr_", &[Part::Of(&charset::ALNUM, 36, 76)]),
            Shape::prefix(
                "GitHub fine-grained personal access token",
                "github_pat_",
                &[
                    Part::Of(&charset::ALNUM, 22, 22), Part::Is("_"),
                    Part::Of(&charset::ALNUM, 59, 59),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["github-personal-token"],
        peers: &[
            "betterleaks:github-app-token", "betterleaks:github-fine-grained-pat",
            "betterleaks:github-oauth", "betterleaks:github-pat",
            "betterleaks:github-refresh-token", "github:github_app_installation_access_token",
            "github:github_oauth_access_token", "github:github_personal_access_token",
            "github:github_refresh_token", "gitleaks:github-app-token",
            "gitleaks:github-fine-grained-pat", "gitleaks:github-oauth", "gitleaks:github-pat",
            "gitleaks:github-refresh-token", "kingfisher:kingfisher.github.1",
            "kingfisher:kingfisher.github.2", "kingfisher:kingfisher.github.3",
            "kingfisher:kingfisher.github.4", "kingfisher:kingfisher.github.7",
            "kingfisher:kingfisher.github.9", "noseyparker:np.github.1", "noseyparker:np.github.2",
            "noseyparker:np.github.3", "noseyparker:np.github.4", "noseyparker:np.github.7",
            "titus:np.github.1", "titus:np.github.2", "titus:np.github.3", "titus:np.github.4",
            "titus:np.github.7", "trufflehog:Github",
        ],
        references: &[
            "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
        ],
    }
}
