use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Mailgun API key sends mail in the name of its owner. It has no mark of its own, so the
    /// name before it must say whose it is.
    ///
    /// ```yaml bad
    /// mailgun_key: "key-ad842c21·93d6b667d0be20e7d9207b83"
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Mailgun API key
    /// ```
    /// ```yaml good
    /// mailgun_key: "${MAILGUN_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "mailgun-key-committed",
        summary: "Mailgun API key is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Mailgun API key",
                &["mailgun"],
                &[Part::Is("key-"), Part::Of(&charset::LOWER_HEX, 32, 32)],
            ),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["mailgun-token"],
        peers: &[
            "betterleaks:mailgun-private-api-token", "github:mailgun_api_key",
            "gitleaks:mailgun-private-api-token", "kingfisher:kingfisher.mailgun.2",
            "noseyparker:np.mailgun.1", "titus:np.mailgun.1",
        ],
    }
}
