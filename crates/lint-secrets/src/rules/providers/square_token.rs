use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A Square token moves money.
    ///
    /// ```yaml bad
    /// token: "EAAAmIlKYzj4w6Ivpp7c4·ta4PVsY41akBIuTHcY4Un0xJeArTKIWzwesSFyhWuap"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Square access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "square-token-committed",
        summary: "Square access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Square access token",
                "EAAA",
                &[Part::Of(&charset::URL64, 60, 60)],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["square-token"],
        peers: &[
            "betterleaks:square-access-token", "github:square_access_token",
            "gitleaks:square-access-token", "kingfisher:kingfisher.square.1",
            "kingfisher:kingfisher.square.2", "noseyparker:np.square.1", "titus:np.square.1",
            "trufflehog:Square",
        ],
    }
}
