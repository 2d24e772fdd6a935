use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A key of this form calls the Gemini API at the expense of its project.
    ///
    /// ```yaml bad
    /// token: "AQ.Ab8RjaNtEU7xvO·dLMfxM1YvSOmqFiQmA5eJyQ90igFSNWEnz91"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Google AI Studio key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "google-gemini-key-committed",
        summary: "Google AI Studio key is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Google AI Studio key", "AQ.Ab8R", &[Part::Of(&charset::URL64, 40, 60)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["google-token-aqab8r"],
        peers: &[
            "betterleaks:gcp-gemini-api", "github:google_gemini_api_key",
            "kingfisher:kingfisher.gcp.4",
        ],
    }
}
