use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// The secret of an OAuth client lets others speak in the name of the application; an access
    /// token acts for a person until it expires.
    ///
    /// ```yaml bad
    /// token: "GOCSPX-CPLY·V9nubuDbh4ITjNqEVQs0fzGd"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Google OAuth client secret
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "google-oauth-secret-committed",
        summary: "Google OAuth secret is committed",
        remedy: "Reset the client secret in the Google console and keep the new one in a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Google OAuth client secret",
                "GOCSPX-",
                &[Part::Of(&charset::URL64, 28, 28)],
            ),
            Shape::prefix(
                "Google OAuth access token",
                "ya29.",
                &[Part::Of(&charset::URL64, 40, 1024)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["google-client-secret", "google-oauth-token"],
        peers: &[
            "github:google_cloud_storage_access_key_secret", "github:google_oauth_access_token",
            "github:google_oauth_client_secret", "github:google_oauth_refresh_token",
            "kingfisher:kingfisher.google.2", "kingfisher:kingfisher.google.4",
            "kingfisher:kingfisher.google.oauth2.1", "noseyparker:np.google.2",
            "noseyparker:np.google.4", "titus:kingfisher.google.oauth2.1", "titus:np.google.2",
            "titus:np.google.4", "trufflehog:GoogleOauth2",
        ],
        references: &["https://developers.google.com/identity/protocols/oauth2"],
    }
}
