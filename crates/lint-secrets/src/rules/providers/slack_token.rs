use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

static COOKIE: charset::Set = charset::Set::of("a-zA-Z0-9%+/=-");

rule! {
    /// A Slack token reads and writes messages of a whole workspace.
    ///
    /// ```yaml bad
    /// token: "xoxb-731904625817-·5820164937261-9v0YgYcS9mDyQk2nH1MuUAJ0"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Slack bot token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "slack-token-committed",
        summary: "Slack token is committed",
        remedy: "Revoke the token in the settings of the Slack app and hand the new one over from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Slack bot token",
                "xoxb-",
                &[
                    Part::Of(&charset::DIGIT, 8, 14), Part::Is("-"),
                    Part::Of(&charset::URL64, 14, 80),
                ],
            ),
            Shape::prefix("Slack user token", "xoxp-", &[Part::Of(&charset::URL64, 30, 180)]),
            Shape::prefix("Slack app token", "xapp-", &[Part::Of(&charset::URL64, 30, 180)]),
            Shape::prefix("Slack workspace token", "xoxa-", &[Part::Of(&charset::URL64, 30, 180)]),
            Shape::prefix("Slack refresh token", "xoxr-", &[Part::Of(&charset::URL64, 30, 180)]),
            Shape::prefix("Slack session token", "xoxs-", &[Part::Of(&charset::URL64, 30, 180)]),
            Shape::prefix("Slack client token", "xoxc-", &[Part::Of(&charset::URL64, 30, 180)]),
            Shape::prefix(
                "Slack configuration token",
                "xoxe-",
                &[Part::Of(&charset::URL64, 30, 180)],
            ),
            Shape::prefix("Slack legacy token", "xoxo-", &[Part::Of(&charset::URL64, 30, 180)]),
            Shape::prefix("Slack session cookie", "xoxd-", &[Part::Of(&COOKIE, 60, 400)]),
            Shape::prefix(
                "Slack configuration token",
                "xoxe.xox",
                &[
                    Part::Of(&charset::LETTER, 1, 1), Part::Is("-"),
                    Part::Of(&charset::URL64, 60, 250),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &[
            "slack-token-xoxb", "slack-token-xoxp", "slack-token", "slack-refresh-token",
            "slack-service-token", "slack-session", "slack-session-xoxc", "slack-token-xoxo",
        ],
        peers: &[
            "betterleaks:slack-app-token", "betterleaks:slack-bot-token",
            "betterleaks:slack-config-refresh-token", "betterleaks:slack-legacy-bot-token",
            "betterleaks:slack-legacy-token", "betterleaks:slack-legacy-workspace-token",
            "betterleaks:slack-session-cookie", "betterleaks:slack-session-token",
            "github:slack_api_token", "gitleaks:slack-app-token", "gitleaks:slack-bot-token",
            "gitleaks:slack-config-refresh-token", "gitleaks:slack-legacy-bot-token",
            "gitleaks:slack-legacy-token", "gitleaks:slack-legacy-workspace-token",
            "kingfisher:kingfisher.slack.1", "kingfisher:kingfisher.slack.2",
            "kingfisher:kingfisher.slack.5", "kingfisher:kingfisher.slack.6",
            "kingfisher:kingfisher.slack.7", "noseyparker:np.slack.2", "noseyparker:np.slack.4",
            "noseyparker:np.slack.5", "noseyparker:np.slack.6", "titus:np.slack.2",
            "titus:np.slack.4", "titus:np.slack.5", "titus:np.slack.6",
        ],
        references: &["https://api.slack.com/concepts/token-types"],
    }
}
