use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A Datadog API key writes what is monitored. It has no mark of its own, so the name before it
    /// must say whose it is.
    ///
    /// ```yaml bad
    /// datadog_key: "818cf0c9b0·f1278a5a5fe78422ee038d"
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Datadog API key
    /// ```
    /// ```yaml good
    /// datadog_key: "${DATADOG_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "datadog-key-committed",
        summary: "Datadog API key is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Datadog API key",
                &["datadog"],
                &[Part::Of(&charset::LOWER_HEX, 32, 32)],
            )
            .judged(judges::mixed),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["datadog-token-2"],
        peers: &[
            "betterleaks:datadog-api-key", "betterleaks:datadog-application-key",
            "github:datadog_api_key", "gitleaks:datadog-access-token",
            "kingfisher:kingfisher.datadog.1", "kingfisher:kingfisher.datadog.3",
            "kingfisher:kingfisher.datadog.4", "titus:kingfisher.datadog.2",
            "titus:kingfisher.datadog.3", "titus:kingfisher.datadog.4", "trufflehog:DatadogApikey",
        ],
    }
}
