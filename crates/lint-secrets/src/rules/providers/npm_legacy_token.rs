use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A npm legacy token publishes packages that others install. It has no mark of its own, so the
    /// name before it must say whose it is.
    ///
    /// ```yaml bad
    /// registry.npmjs.org_auth: "1778eeb3-d0a·0-4962-ac53-1e00e1d4b43a"
    /// #                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ npm legacy token
    /// ```
    /// ```yaml good
    /// registry.npmjs.org_auth: "${REGISTRY_NPMJS_ORG_AUTH}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "npm-legacy-token-committed",
        summary: "npm legacy token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "npm legacy token",
                &["registry.npmjs.org"],
                &[Part::Of(&charset::UUID, 36, 36)],
            )
            .judged(judges::uuid),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["npm-token-2"],
        peers: &["kingfisher:kingfisher.npm.2", "trufflehog:NpmToken"],
    }
}
