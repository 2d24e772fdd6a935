use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Clojars token publishes packages that others install.
    ///
    /// ```yaml bad
    /// token: "CLOJARS_ddb10939f58de2·d54137fcb6229610aa96b0d5fb5a6e0f3945b8e1021d7b"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Clojars deploy token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "clojars-token-committed",
        summary: "Clojars deploy token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "Clojars deploy token",
                "CLOJARS_",
                &[Part::Of(&charset::LOWER_HEX, 60, 60)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["clojars-token"],
        peers: &[
            "betterleaks:clojars-api-token", "gitleaks:clojars-api-token",
            "kingfisher:kingfisher.clojars.2", "titus:kingfisher.clojars.2",
        ],
    }
}
