use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Mailgun private key sends mail in the name of its owner. It has no mark of its own, so the
    /// name before it must say whose it is.
    ///
    /// ```yaml bad
    /// mailgun_key: "f4c92b20e330fc3d·32ebcc20f417a4a4-2415bdab-740bc52e"
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Mailgun private key
    /// ```
    /// ```yaml good
    /// mailgun_key: "${MAILGUN_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "mailgun-private-key-committed",
        summary: "Mailgun private key is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Mailgun private key",
                &["mailgun"],
                &[
                    Part::Of(&charset::LOWER_HEX, 32, 32), Part::Is("-"),
                    Part::Of(&charset::LOWER_HEX, 8, 8), Part::Is("-"),
                    Part::Of(&charset::LOWER_HEX, 8, 8),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["mailgun-token-3"],
        peers: &["kingfisher:kingfisher.mailgun.1", "trufflehog:Mailgun"],
    }
}
