use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

static AZURE: charset::Set = charset::Set::of("a-zA-Z0-9_.~-");

rule! {
    /// The secret of an app registration signs in as the application, with all roles it holds.
    ///
    /// ```yaml bad
    /// token: "kM48Q~0rGRV3X·M4Z4U2htVAZDVxGm5frKvHxBj3O"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Entra ID client secret
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "azure-client-secret-committed",
        summary: "Entra ID client secret is committed",
        remedy: "Remove the secret from the app registration and use a workload identity or a certificate.",
        severity: Critical,
        check: Check::Token(&[
            Shape::infix(
                "Entra ID client secret",
                (&AZURE, 3, 3),
                "8Q~",
                &[Part::Of(&AZURE, 31, 34)],
            ),
            Shape::infix(
                "Entra ID client secret",
                (&AZURE, 3, 3),
                "7Q~",
                &[Part::Of(&AZURE, 31, 34)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["azure-client-secret"],
        peers: &[
            "betterleaks:azure-ad-client-secret",
            "github:azure_active_directory_application_secret",
            "github:microsoft_azure_entra_id_token", "gitleaks:azure-ad-client-secret",
            "kingfisher:kingfisher.azure.6", "kingfisher:kingfisher.azure.9",
        ],
        references: &["https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials"],
    }
}
