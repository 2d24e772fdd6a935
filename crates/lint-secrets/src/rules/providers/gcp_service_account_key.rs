use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// The key file of a Google service account signs in as that account from anywhere and does not
    /// expire.
    ///
    /// ```json bad file=key.json
    /// {
    ///   "type": "service_account",
    ///   "private_key": "-----BEG·IN PRIVATE KEY-----\nMIIEpAIBAAKCAQEAUCg8UmueVavB9koM7NGj7f71XTs16l0dnqG2JRpb0rQOI8rsIPNxgA4TI21ynR1o4FCWvZTd1xVMbEkOqeDUYdLk0nPg6j/Zgv6JdSvveiOBTarK\n-----END PRIVATE KEY-----\n",
    /// #                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key of a Google service account
    ///   "client_email": "worker@shop.iam.gserviceaccount.com"
    /// }
    /// ```
    /// ```json good file=key.json
    /// {
    ///   "type": "service_account",
    ///   "private_key": "${PRIVATE_KEY}"
    /// }
    /// ```
    pub(crate) static RULE: Check = {
        id: "gcp-service-account-key-committed",
        summary: "key of a Google service account is committed",
        remedy: "Delete the key in IAM and use Workload Identity instead.",
        severity: Critical,
        check: Check::Found(Find::ServiceAccountKey),
        security: true,
        aliases: &[
            "google-service-token",
            "google-token-5",
        ],
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[321, 798],
        peers: &[
            "trufflehog:GCP",
            "github:google_cloud_private_key_id",
            "github:google_cloud_service_account_credentials",
            "github:google_gcp_api_key_bound_service_account",
            "betterleaks:gcp-service-account",
            "kingfisher:kingfisher.gcp.1",
            "kingfisher:kingfisher.youtube.1",
            "trufflehog:YoutubeApiKey",
            "titus:kingfisher.gcp.1",
        ],
        references: &[
            "https://docs.cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys",
        ],
    }
}
