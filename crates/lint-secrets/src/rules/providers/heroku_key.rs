use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Heroku key deploys and reads the settings of applications.
    ///
    /// ```yaml bad
    /// token: "HRKU-AAQASheZD3r9R4Wz·xf6PHZ45jZnMQa0aVBKkcK7SKTqJo6WFY6SnuS7ATcGE"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Heroku API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "heroku-key-committed",
        summary: "Heroku API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Heroku API key", "HRKU-AA", &[Part::Of(&charset::URL64, 50, 64)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["heroku-token"],
        peers: &[
            "betterleaks:heroku-api-key-v2", "github:heroku_platform_api_oauth2_token",
            "gitleaks:heroku-api-key-v2", "kingfisher:kingfisher.heroku.2", "trufflehog:Heroku",
        ],
    }
}
