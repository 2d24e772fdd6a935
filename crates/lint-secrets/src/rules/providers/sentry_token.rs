use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Sentry token uploads releases and reads events, which often hold personal data.
    ///
    /// ```yaml bad
    /// token: "sntryu_b8543fb3b21ae8e1·54a7b5efa44d0e8011867d074a67284cfb01c5cfca84f943"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Sentry user token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "sentry-token-committed",
        summary: "Sentry token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Sentry organisation token",
                "sntrys_eyJ",
                &[
                    Part::Of(&charset::BASE64, 60, 400), Part::Is("_"),
                    Part::Of(&charset::BASE64, 40, 48),
                ],
            ),
            Shape::prefix("Sentry user token", "sntryu_", &[Part::Of(&charset::LOWER_HEX, 64, 64)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["sentry-token", "sentry-token-sntryu"],
        peers: &[
            "betterleaks:sentry-org-token", "betterleaks:sentry-user-token",
            "github:sentry_integration_token", "github:sentry_organization_token",
            "github:sentry_user_app_auth_token", "gitleaks:sentry-org-token",
            "gitleaks:sentry-user-token", "kingfisher:kingfisher.sentry.2",
            "kingfisher:kingfisher.sentry.3", "titus:kingfisher.sentry.2",
            "titus:kingfisher.sentry.3", "trufflehog:SentryOrgToken", "trufflehog:SentryToken",
        ],
    }
}
