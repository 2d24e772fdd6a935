use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// Who holds the token of a bot reads and writes its messages.
    ///
    /// ```yaml bad
    /// token: "8857225004:AAiK·o0XgLNr5rU22KBr2oAoNY8OZPDKjThw"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Telegram bot token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "telegram-token-committed",
        summary: "Telegram bot token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::infix(
                "Telegram bot token",
                (&charset::DIGIT, 8, 10),
                ":AA",
                &[Part::Of(&charset::URL64, 33, 33)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["telegram-token"],
        peers: &[
            "betterleaks:telegram-bot-api-token", "github:telegram_bot_token",
            "gitleaks:telegram-bot-api-token", "kingfisher:kingfisher.telegram.1",
            "noseyparker:np.telegram.1", "titus:np.telegram.1", "trufflehog:TelegramBotToken",
        ],
        references: &["https://core.telegram.org/bots/features#botfather"],
    }
}
