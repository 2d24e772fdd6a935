use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// Who knows the address of a webhook can post into the channel.
    ///
    /// ```yaml bad
    /// notify: "https://discord.com/api/webhooks/109964247720·8955112/5H8tFVJC7a8li3SFYZOzwz69mFy3xxFXRkikyScwL30LrDFSxhxnwpU8meAtsnRCDC6A"
    /// #                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Discord webhook
    /// ```
    /// ```yaml good
    /// notify: "${NOTIFY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "discord-webhook-committed",
        summary: "Discord webhook is committed",
        remedy: "Delete the webhook and keep the address of the new one in a secret store.",
        severity: Medium,
        check: Check::Token(&[
            Shape::prefix(
                "Discord webhook",
                "discord.com/api/webhooks/",
                &[
                    Part::Of(&charset::DIGIT, 17, 20), Part::Is("/"),
                    Part::Of(&charset::URL64, 60, 72),
                ],
            ),
            Shape::prefix(
                "Discord webhook",
                "discordapp.com/api/webhooks/",
                &[
                    Part::Of(&charset::DIGIT, 17, 20), Part::Is("/"),
                    Part::Of(&charset::URL64, 60, 72),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["discord-webhook"],
        peers: &[
            "kingfisher:kingfisher.discord.1", "titus:kingfisher.discord.1",
            "trufflehog:DiscordWebhook",
        ],
    }
}
