use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// An Alibaba Cloud key names the account and is half of a credential.
    ///
    /// ```yaml bad
    /// token: "LTAIQWpb·C4tomiVn0Z1Rjif7"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^ Alibaba Cloud access key id
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "alibaba-key-committed",
        summary: "Alibaba Cloud access key id is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Alibaba Cloud access key id",
                "LTAI",
                &[Part::Of(&charset::ALNUM, 16, 26)],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["alibaba-id"],
        peers: &[
            "betterleaks:alibaba-access-key-id", "github:alibaba_cloud_access_key_id",
            "gitleaks:alibaba-access-key-id", "kingfisher:kingfisher.alibabacloud.1",
            "titus:kingfisher.alibabacloud.1",
        ],
    }
}
