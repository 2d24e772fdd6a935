use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Twilio API key sends messages and calls at the expense of its account. It has no mark of
    /// its own, so the name before it must say whose it is.
    ///
    /// ```yaml bad
    /// twilio_key: "SKe2399c9a1·80f0deaaf87924976604bba"
    /// #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Twilio API key
    /// ```
    /// ```yaml good
    /// twilio_key: "${TWILIO_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "twilio-key-committed",
        summary: "Twilio API key is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Twilio API key",
                &["twilio"],
                &[Part::Is("SK"), Part::Of(&charset::LOWER_HEX, 32, 32)],
            ),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["twilio-token"],
        peers: &[
            "betterleaks:twilio-api-key", "github:twilio_access_token", "github:twilio_api_key",
            "gitleaks:twilio-api-key", "kingfisher:kingfisher.twilio.1",
            "kingfisher:kingfisher.twilio.2", "noseyparker:np.twilio.1", "titus:np.twilio.1",
            "trufflehog:Twilio",
        ],
    }
}
