use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// A signed token is a credential until it expires, and some never do. The expiry is read: a token
    /// that is over says who once had access, and no more. Samples of documents, keys meant for browsers
    /// and unsigned tokens are left alone.
    ///
    /// ```yaml bad
    /// token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ3b3JrZXItNyIsInNjb3BlIjoib3JkZX·JzOndyaXRlIiwiaWF0IjoxNzYyMDAwMDAwfQ.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ JSON Web Token
    /// ```
    /// ```yaml bad
    /// token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ3b3JrZXItNyIsInNjb3BlIjoib3JkZX·JzOndyaXRlIiwiZXhwIjoxODkzNDU2MDAwfQ.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ JSON Web Token
    /// ```
    /// ```yaml bad
    /// token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ3b3JrZXItNyIsInNjb3BlIjoib3JkZX·JzOndyaXRlIiwiZXhwIjoxNjgyODk5MjAwfQ.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ JSON Web Token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// sample: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX"
    /// ```
    pub(crate) static RULE: Check = {
        id: "json-web-token-committed",
        summary: "JSON Web Token is committed",
        remedy: "Revoke the token if it can still be used, and make tokens when they are needed.",
        severity: Medium,
        check: Check::Found(Find::WebToken),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[798],
        aliases: &[
            "jwt-token-eyj",
            "jwt-token",
            "appfollow-token",
            "auth0-token",
            "azure-oauth-token",
            "bombbomb-token",
            "caflou-token",
            "calendly-token",
            "carto-token",
            "cloudconvert-token",
            "documo-token",
            "flightlabs-token",
            "flightlabs-token-2",
            "formio-token",
            "jwt-token-4",
            "lemonsqueezy-token",
            "livestorm-token",
            "monday-token",
            "pinata-token",
            "portainer-token-eyjhbgcioijiuzi1niisinr5cci6ikpxvcj9",
            "rentman-token",
            "snowflake-token",
            "stripo-token",
            "temporal-token",
            "turso-token",
            "voicegain-token",
            "web3storage-token",
        ],
        peers: &[
            "betterleaks:jwt-base64",
            "gitleaks:jwt-base64",
            "trufflehog:JWT",
            "kingfisher:kingfisher.appfollow.1",
            "trufflehog:Appfollow",
            "trufflehog:Auth0ManagementApiToken",
            "kingfisher:kingfisher.azure.10",
            "trufflehog:BombBomb",
            "trufflehog:Caflou",
            "kingfisher:kingfisher.calendly.1",
            "trufflehog:CalendlyApiKey",
            "titus:np.calendly.1",
            "kingfisher:kingfisher.carto.1",
            "trufflehog:CloudConvert",
            "kingfisher:kingfisher.documo.1",
            "trufflehog:Documo",
            "trufflehog:FlightLabs",
            "kingfisher:kingfisher.flightlabs.1",
            "kingfisher:kingfisher.formio.1",
            "trufflehog:FormIO",
            "gitleaks:jwt",
            "kingfisher:kingfisher.jwt.1",
            "noseyparker:np.jwt.1",
            "betterleaks:jwt",
            "titus:np.jwt.1",
            "kingfisher:kingfisher.lemonsqueezy.1",
            "trufflehog:LemonSqueezy",
            "kingfisher:kingfisher.livestorm.1",
            "trufflehog:Livestorm",
            "kingfisher:kingfisher.monday.1",
            "trufflehog:Monday",
            "titus:kingfisher.monday.1",
            "kingfisher:kingfisher.pinata.3",
            "trufflehog:Portainer",
            "kingfisher:kingfisher.rentman.1",
            "trufflehog:Rentman",
            "trufflehog:Snowflake",
            "github:snowflake_programmatic_access_token",
            "betterleaks:snowflake-programmatic-access-token.1",
            "kingfisher:kingfisher.stripo.1",
            "trufflehog:Stripo",
            "kingfisher:kingfisher.temporal.1",
            "github:temporal_cloud_api_key",
            "betterleaks:temporal-cloud-api-key.1",
            "kingfisher:kingfisher.turso.1",
            "kingfisher:kingfisher.voicegain.1",
            "trufflehog:Voicegain",
            "kingfisher:kingfisher.web3storage.1",
            "trufflehog:Web3Storage",
        ],
        references: &["https://www.rfc-editor.org/rfc/rfc7519"],
    }
}
