use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// Who holds the token of a bot reads and writes its messages.
    ///
    /// ```yaml bad
    /// discord_token: "Mp63JzEIMh3uYawU86xX6Lj·6.2NRNQg.EHZ01xeIEuGDWWL7iZWxhtGUC6CkJHx1ZYpTlP"
    /// #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Discord bot token
    /// ```
    /// ```yaml good
    /// discord_token: "${DISCORD_TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "discord-token-committed",
        summary: "Discord bot token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Discord bot token",
                &["discord"],
                &[
                    Part::Of(&charset::URL64, 23, 28), Part::Is("."),
                    Part::Of(&charset::URL64, 6, 7), Part::Is("."),
                    Part::Of(&charset::URL64, 27, 40),
                ],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["discordbottoken-token"],
        peers: &["trufflehog:DiscordBotToken"],
    }
}
