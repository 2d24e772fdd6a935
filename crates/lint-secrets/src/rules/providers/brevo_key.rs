use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Brevo key sends mail in the name of its owner.
    ///
    /// ```yaml bad
    /// token: "xkeysib-3922a0210b7d059c1fee2·032b1743f7836019b6953744c0a0c24bc93621f2965-sif3kWexxu55vs8S"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Brevo API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "brevo-key-committed",
        summary: "Brevo API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Brevo API key",
                "xkeysib-",
                &[
                    Part::Of(&charset::LOWER_HEX, 64, 64), Part::Is("-"),
                    Part::Of(&charset::ALNUM, 16, 16),
                ],
            ),
            Shape::prefix(
                "Brevo SMTP key",
                "xsmtpsib-",
                &[
                    Part::Of(&charset::LOWER_HEX, 64, 64), Part::Is("-"),
                    Part::Of(&charset::ALNUM, 16, 16),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["brevo-token"],
        peers: &[
            "betterleaks:sendinblue-api-token", "github:sendinblue_api_key",
            "github:sendinblue_smtp_key", "gitleaks:sendinblue-api-token",
            "kingfisher:kingfisher.brevo.1", "kingfisher:kingfisher.sendinblue.1",
            "titus:kingfisher.sendinblue.1", "trufflehog:SendinBlueV2",
        ],
    }
}
