use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// An Algolia admin key changes indices. It has no mark of its own, so the name before it must
    /// say whose it is.
    ///
    /// ```yaml bad
    /// algolia_key: "59e6401657·609c2f0b053aa67e0298b8"
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Algolia admin key
    /// ```
    /// ```yaml good
    /// algolia_key: "${ALGOLIA_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "algolia-admin-key-committed",
        summary: "Algolia admin key is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Algolia admin key",
                &["algolia"],
                &[Part::Of(&charset::LOWER_HEX, 32, 32)],
            )
            .judged(judges::mixed),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["algolia-admin-key"],
        peers: &[
            "kingfisher:kingfisher.algolia.1", "titus:kingfisher.algolia.1",
            "trufflehog:AlgoliaAdminKey",
        ],
    }
}
