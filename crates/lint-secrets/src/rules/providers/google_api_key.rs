use careen_rule::{Confidence, control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Google API key is billed to its project. Keys for browsers and apps are meant to be seen,
    /// if they are restricted to them.
    ///
    /// ```yaml bad
    /// token: "AIzaSyJyGX1qw·RKlpGGiFqudVROzLpF0CVYy71u"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Google API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "google-api-key-committed",
        summary: "Google API key is committed",
        remedy: "Restrict the key to the APIs and callers it serves, or rotate it and keep it in a secret store.",
        severity: Medium,
        check: Check::Token(&[
            Shape::prefix(
                "Google API key",
                "AIza",
                &[Part::Of(&charset::URL64, 35, 35)],
            )
            .confidence(Confidence::Medium),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["google-token"],
        peers: &[
            "betterleaks:gcp-api-key", "github:google_api_key", "gitleaks:gcp-api-key",
            "kingfisher:kingfisher.google.7", "noseyparker:np.google.5", "titus:np.google.5",
            "titus:np.google.8", "titus:np.youtube.1", "trufflehog:GoogleGeminiAPIKey",
        ],
        references: &["https://docs.cloud.google.com/docs/authentication/api-keys"],
    }
}
