use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Vault token opens a store of other secrets.
    ///
    /// ```yaml bad
    /// token: "hv·s.CAESIrKpd4qBKH7mw2VbGpTGD3izreBRgFcw8ScgH7f8wOzg88ziExy491Z6AqRcvl82wVmEzPHz3bvYP3RsWWmEJKEGmZM"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ HashiCorp Vault service token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "vault-token-committed",
        summary: "HashiCorp Vault token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "HashiCorp Vault service token",
                "hvs.",
                &[Part::Of(&charset::URL64, 24, 300)],
            ),
            Shape::prefix(
                "HashiCorp Vault batch token",
                "hvb.",
                &[Part::Of(&charset::URL64, 100, 400)],
            ),
            Shape::prefix(
                "HashiCorp Vault recovery token",
                "hvr.",
                &[Part::Of(&charset::URL64, 24, 300)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["hashicorp-service-token", "hashicorp-token", "hashicorp-token-hvr"],
        peers: &[
            "betterleaks:vault-batch-token", "betterleaks:vault-service-token",
            "github:hashicorp_vault_batch_token", "github:hashicorp_vault_root_service_token",
            "github:hashicorp_vault_service_token", "gitleaks:vault-batch-token",
            "gitleaks:vault-service-token", "kingfisher:kingfisher.hashicorp.4",
            "kingfisher:kingfisher.hashicorp.5", "kingfisher:kingfisher.hashicorp.6",
            "noseyparker:np.hashicorp.4", "noseyparker:np.hashicorp.5",
            "noseyparker:np.hashicorp.6", "titus:np.hashicorp.4", "titus:np.hashicorp.5",
            "titus:np.hashicorp.6", "trufflehog:HashiCorpVaultBatchToken",
        ],
        references: &["https://developer.hashicorp.com/vault/docs/concepts/tokens"],
    }
}
