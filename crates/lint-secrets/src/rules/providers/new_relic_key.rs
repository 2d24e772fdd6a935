use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A New Relic key reads and changes what is monitored.
    ///
    /// ```yaml bad
    /// token: "NRAK-EN73I·VOKLI59B14RXD8YHI7DECY"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ New Relic user key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "new-relic-key-committed",
        summary: "New Relic user key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("New Relic user key", "NRAK-", &[Part::Of(&charset::URL64, 27, 32)]),
            Shape::prefix("New Relic insert key", "NRII-", &[Part::Of(&charset::URL64, 27, 32)]),
            Shape::prefix("New Relic query key", "NRIQ-", &[Part::Of(&charset::URL64, 27, 32)]),
            Shape::prefix("New Relic admin key", "NRAA-", &[Part::Of(&charset::URL64, 27, 32)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &[
            "newrelic-token-nrak", "newrelic-token-nrii", "newrelic-admin-key",
            "newrelic-token-nriq",
        ],
        peers: &[
            "betterleaks:new-relic-insert-key", "betterleaks:new-relic-user-api-key",
            "github:new_relic_insights_query_key", "gitleaks:new-relic-insert-key",
            "gitleaks:new-relic-user-api-key", "kingfisher:kingfisher.newrelic.4",
            "noseyparker:np.newrelic.3", "noseyparker:np.newrelic.4", "noseyparker:np.newrelic.5",
            "noseyparker:np.newrelic.6", "titus:np.newrelic.3", "titus:np.newrelic.4",
            "titus:np.newrelic.5", "titus:np.newrelic.6", "trufflehog:NewRelicUserKey",
        ],
    }
}
