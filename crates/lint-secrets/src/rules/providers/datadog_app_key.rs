use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A Datadog application key reads what is monitored. It has no mark of its own, so the name
    /// before it must say whose it is.
    ///
    /// ```yaml bad
    /// datadog_key: "a925878453a73·c07ab8d5d60d70505ea01dc37f1"
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Datadog application key
    /// ```
    /// ```yaml good
    /// datadog_key: "${DATADOG_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "datadog-app-key-committed",
        summary: "Datadog application key is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Datadog application key",
                &["datadog"],
                &[Part::Of(&charset::LOWER_HEX, 40, 40)],
            )
            .judged(judges::mixed),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["datadog-client-secret"],
        peers: &["kingfisher:kingfisher.datadog.2"],
    }
}
