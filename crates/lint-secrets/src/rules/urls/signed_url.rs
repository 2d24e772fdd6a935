use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// Whoever has a signed URL has what it opens, without any account, until it expires. Those of Azure may
    /// be good for years and cannot be revoked one by one. Read for Azure, AWS, CloudFront, Google Cloud and
    /// Alibaba Cloud, with the expiry.
    ///
    /// ```yaml bad
    /// backup: https://shopdata.blob.core.windows.net/backup?sv=2022-11-02&se=2030-01-01&sr=c&sp=rwl&sig=q8Rk2Lm5Tn7Vw9Xb3Cd4Fg6H·j1Kp0sTzYxWv%2BuNmQwE%3D
    /// #                                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ signed Azure URL of `shopdata.blob.core.windows.net` is committed, valid until 2030-01-01
    /// ```
    /// ```yaml good
    /// backup: https://shopdata.blob.core.windows.net/backup
    /// ```
    pub(crate) static RULE: Check = {
        id: "signed-url-committed",
        summary: "a URL carries its own permission",
        remedy: "Rotate the key that signed the URL, and sign URLs for minutes when they are needed.",
        severity: Medium,
        check: Check::Found(Find::SignedUrl),
        security: true,
        peers: &[
            "kingfisher:kingfisher.azuresastoken.1",
            "github:azure_content_moderator_key",
            "github:azure_sas_token",
        ],
        aliases: &[
            "azure-token",
        ],
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[798],
        references: &["https://learn.microsoft.com/azure/storage/common/storage-sas-overview"],
    }
}
