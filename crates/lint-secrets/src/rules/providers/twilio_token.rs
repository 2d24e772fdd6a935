use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A Twilio auth token sends messages and calls at the expense of its account. It has no mark
    /// of its own, so the name before it must say whose it is.
    ///
    /// ```yaml bad
    /// twilio_key: "e71586ba7d·5797870dd47f42a6903158"
    /// #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Twilio auth token
    /// ```
    /// ```yaml good
    /// twilio_key: "${TWILIO_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "twilio-token-committed",
        summary: "Twilio auth token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Twilio auth token",
                &["twilio"],
                &[Part::Of(&charset::LOWER_HEX, 32, 32)],
            )
            .judged(judges::mixed),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
    }
}
