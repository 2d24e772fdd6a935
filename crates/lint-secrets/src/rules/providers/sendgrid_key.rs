use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A SendGrid key sends mail in the name of its owner.
    ///
    /// ```yaml bad
    /// token: "SG.oCAe1qKeAX9GRJ9VESs8·Sy.mJMzRb5b8Qbm6PL49V7LppcEaDSadkuWotzjTYi9S30"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ SendGrid API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "sendgrid-key-committed",
        summary: "SendGrid API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "SendGrid API key",
                "SG.",
                &[
                    Part::Of(&charset::URL64, 22, 22), Part::Is("."),
                    Part::Of(&charset::URL64, 43, 43),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["sendgrid-token"],
        peers: &[
            "betterleaks:sendgrid-api-token", "github:sendgrid_api_key",
            "gitleaks:sendgrid-api-token", "kingfisher:kingfisher.sendgrid.1",
            "noseyparker:np.sendgrid.1", "titus:np.sendgrid.1", "trufflehog:SendGrid",
        ],
    }
}
