use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Figma token reads the designs of its owner.
    ///
    /// ```yaml bad
    /// token: "figd_uDj7VJDLvO·OqIYyVWdLE9AywQvevdX4TLOZfH6u3"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Figma personal access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "figma-token-committed",
        summary: "Figma personal access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Figma personal access token",
                "figd_",
                &[Part::Of(&charset::URL64, 38, 46)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["figma-personal-token"],
        peers: &[
            "betterleaks:figma-personal-access-token", "github:figma_pat",
            "kingfisher:kingfisher.figma.1",
        ],
    }
}
