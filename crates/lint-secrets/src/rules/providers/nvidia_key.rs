use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// An NVIDIA key runs models and pulls images at the expense of its account.
    ///
    /// ```yaml bad
    /// token: "nvapi-tait2rfkTBNj4p7Yr·QXP2kqOxptuTkQytEO8QIMU9IAirpUH6rTbFvZrbYOdO6Dk"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ NVIDIA API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "nvidia-key-committed",
        summary: "NVIDIA API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("NVIDIA API key", "nvapi-", &[Part::Of(&charset::URL64, 60, 70)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["nvidia-token", "nvidianim-token"],
        peers: &[
            "betterleaks:nvidia-api-key", "kingfisher:kingfisher.nvidia.nim.1",
            "titus:kingfisher.nvidia.nim.1",
        ],
    }
}
