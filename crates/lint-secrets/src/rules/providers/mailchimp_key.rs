use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Mailchimp API key reads and writes to audiences. It has no mark of its own, so the name
    /// before it must say whose it is.
    ///
    /// ```yaml bad
    /// mailchimp_key: "21099f5ee0ca·4f91c37bdcc52241ca5a-us12"
    /// #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Mailchimp API key
    /// ```
    /// ```yaml good
    /// mailchimp_key: "${MAILCHIMP_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "mailchimp-key-committed",
        summary: "Mailchimp API key is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Mailchimp API key",
                &["mailchimp"],
                &[
                    Part::Of(&charset::LOWER_HEX, 32, 32), Part::Is("-us"),
                    Part::Of(&charset::DIGIT, 1, 2),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["mailchimp-token"],
        peers: &[
            "betterleaks:mailchimp-api-key", "github:mailchimp_api_key", "github:mandrill_api_key",
            "gitleaks:mailchimp-api-key", "kingfisher:kingfisher.mailchimp.1",
            "noseyparker:np.mailchimp.1", "titus:np.mailchimp.1", "trufflehog:Mailchimp",
        ],
    }
}
