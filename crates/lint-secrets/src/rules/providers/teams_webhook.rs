use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

static TEAMS: charset::Set = charset::Set::of("0-9a-f@-");

rule! {
    /// Who knows the address of an incoming webhook can post into the channel.
    ///
    /// ```yaml bad
    /// notify: "https://webhook.office.com/webhookb2/d7ce10a7-0340-4bd9-acfb-8c7c1150e·7b9@3894be90-7000-4322-a445-a8e8dd143eec/IncomingWebhook/be0d25909745b88a06400960d537b375/6e305d25-1e33-49ff-a88c-d33c39fe8d75"
    /// #                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Microsoft Teams webhook
    /// ```
    /// ```yaml good
    /// notify: "${NOTIFY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "teams-webhook-committed",
        summary: "Microsoft Teams webhook is committed",
        remedy: "Delete the webhook and keep the address of the new one in a secret store.",
        severity: Medium,
        check: Check::Token(&[
            Shape::prefix(
                "Microsoft Teams webhook",
                "webhook.office.com/webhookb2/",
                &[
                    Part::Of(&TEAMS, 70, 75), Part::Is("/IncomingWebhook/"),
                    Part::Of(&charset::ALNUM, 32, 32), Part::Is("/"),
                    Part::Of(&charset::UUID, 36, 36),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["microsoft-webhook", "microsoftteams-webhook"],
        peers: &[
            "betterleaks:microsoft-teams-webhook", "github:power_automate_webhook_sas",
            "gitleaks:microsoft-teams-webhook", "kingfisher:kingfisher.microsoftteamswebhook.1",
            "titus:kingfisher.microsoftteamswebhook.1", "trufflehog:MicrosoftTeamsWebhook",
        ],
    }
}
