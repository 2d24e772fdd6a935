use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A crates.io token publishes crates that others install.
    ///
    /// ```yaml bad
    /// token: "cioxiIc6iq7·vh0Pcqr9Ejqhn6IlWYh41lpM"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ crates.io API token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "cratesio-token-committed",
        summary: "crates.io API token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "crates.io API token",
                "cio",
                &[Part::Of(&charset::ALNUM, 32, 32)],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["cratesio-token"],
        peers: &[
            "betterleaks:crates-io-api-key", "github:cratesio_api_token",
            "kingfisher:kingfisher.cratesio.1", "noseyparker:np.cratesio.1", "titus:np.cratesio.1",
        ],
    }
}
