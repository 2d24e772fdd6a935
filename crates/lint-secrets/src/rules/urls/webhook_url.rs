use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// Whoever knows the address of a webhook can write into the channel or start the job behind it. Only
    /// addresses that end in a part some machine made are read.
    ///
    /// ```yaml bad
    /// notify: https://chat.shop.internal/hooks/9f3kwq7lz2vx8·rt5bn1mq8xr4y7dh2
    /// #                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ webhook of `chat.shop.internal` is committed
    /// ```
    /// ```yaml good
    /// notify: https://chat.shop.internal/hooks/${HOOK}
    /// ```
    pub(crate) static RULE: Check = {
        id: "webhook-url-committed",
        summary: "the address of a webhook is committed",
        remedy: "Replace the webhook and hand its address to the workload from a secret.",
        severity: Medium,
        check: Check::Found(Find::Webhook),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::Medium,
        cwe: &[798],
    }
}
