use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A DigitalOcean token creates and destroys servers, clusters and databases.
    ///
    /// ```yaml bad
    /// token: "dop_v1_38d18eb8b660840c·11c6ffa9b58bf0498b812d6d83bf817741ed1557f32afa43"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DigitalOcean personal access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "digitalocean-token-committed",
        summary: "DigitalOcean personal access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "DigitalOcean personal access token",
                "dop_v1_",
                &[Part::Of(&charset::LOWER_HEX, 64, 64)],
            ),
            Shape::prefix(
                "DigitalOcean OAuth token",
                "doo_v1_",
                &[Part::Of(&charset::LOWER_HEX, 64, 64)],
            ),
            Shape::prefix(
                "DigitalOcean refresh token",
                "dor_v1_",
                &[Part::Of(&charset::LOWER_HEX, 64, 64)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["digitalocean-token"],
        peers: &[
            "betterleaks:digitalocean-access-token", "betterleaks:digitalocean-pat",
            "betterleaks:digitalocean-refresh-token", "github:digitalocean_personal_access_token",
            "github:digitalocean_refresh_token", "github:digitalocean_system_token",
            "gitleaks:digitalocean-access-token", "gitleaks:digitalocean-pat",
            "gitleaks:digitalocean-refresh-token", "kingfisher:kingfisher.digitalocean.1",
            "kingfisher:kingfisher.digitalocean.2", "kingfisher:kingfisher.digitalocean.3",
            "noseyparker:np.digitalocean.1", "noseyparker:np.digitalocean.2",
            "noseyparker:np.digitalocean.3", "titus:np.digitalocean.1", "titus:np.digitalocean.2",
            "titus:np.digitalocean.3", "trufflehog:DigitalOceanV2",
        ],
    }
}
