use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A 1Password token opens a store of other secrets.
    ///
    /// ```yaml bad
    /// token: "ops_eyJ59M9pNWJpKQG6wLC4jcUQFu3Mj0TOvnpOUL5ZeHJSe3PVJqDeY91l6e6knyIUvKggIsWEpibpzPZQBHrxq·zUqqInUlZWXk6prTwLqCaeFth8KXiKSjqNG2xtAQpKrnLAZ1KMTdbey7Erky4YtVFDNpEYuiJx5ESUkLuEyAa8K1eMghljyVy7Abx1QGAiYlpLT7kGH76K7wNpRuDbhSJsaqOUpihPbvN12xTSnyKOH6XlJRH3j7GNauwFopEftjlfoePI"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 1Password service account token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "onepassword-token-committed",
        summary: "1Password service account token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "1Password service account token",
                "ops_eyJ",
                &[Part::Of(&charset::BASE64, 200, 2000)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["1password-password"],
        peers: &[
            "betterleaks:1password-service-account-token", "github:1password_service_account_token",
            "gitleaks:1password-service-account-token", "kingfisher:kingfisher.1password.1",
            "titus:kingfisher.1password.1",
        ],
    }
}
