use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// Who knows the address of an incoming webhook can post into the channel.
    ///
    /// ```yaml bad
    /// notify: "https://hooks.slack.com/service·s/TR4QZ81MKD/B7XW2PN5LQ/2RyPA2EFAV296DuKOaY15QMh"
    /// #                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Slack webhook
    /// ```
    /// ```yaml good
    /// notify: "${NOTIFY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "slack-webhook-committed",
        summary: "Slack webhook is committed",
        remedy: "Delete the webhook and keep the address of the new one in a secret store.",
        severity: Medium,
        check: Check::Token(&[
            Shape::prefix(
                "Slack webhook",
                "hooks.slack.com/services/T",
                &[
                    Part::Of(&charset::UPPER_ALNUM, 7, 12), Part::Is("/B"),
                    Part::Of(&charset::UPPER_ALNUM, 7, 12), Part::Is("/"),
                    Part::Of(&charset::ALNUM, 20, 28),
                ],
            ),
            Shape::prefix(
                "Slack workflow webhook",
                "hooks.slack.com/workflows/T",
                &[
                    Part::Of(&charset::UPPER_ALNUM, 7, 12), Part::Is("/A"),
                    Part::Of(&charset::UPPER_ALNUM, 7, 12), Part::Is("/"),
                    Part::Of(&charset::DIGIT, 15, 20), Part::Is("/"),
                    Part::Of(&charset::ALNUM, 20, 28),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["slack-webhook-httpshooksslackcomservicest", "slack-webhook"],
        peers: &[
            "github:slack_workflow_trigger_url", "kingfisher:kingfisher.slack.4",
            "titus:np.slack.7",
        ],
        references: &["https://api.slack.com/messaging/webhooks"],
    }
}
