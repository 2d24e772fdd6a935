use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// An Okta API token manages users and groups. It has no mark of its own, so the name before it
    /// must say whose it is.
    ///
    /// ```yaml bad
    /// okta_key: "00fXzFD6veaMVv·efxgea9r55iltbJvfSBvfeCdpEkL"
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Okta API token
    /// ```
    /// ```yaml good
    /// okta_key: "${OKTA_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "okta-token-committed",
        summary: "Okta API token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Okta API token",
                &["okta"],
                &[Part::Is("00"), Part::Of(&charset::URL64, 40, 40)],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["okta-token"],
        peers: &[
            "betterleaks:okta-access-token", "gitleaks:okta-access-token",
            "kingfisher:kingfisher.okta.1", "noseyparker:np.okta.1", "titus:np.okta.1",
            "trufflehog:Okta",
        ],
    }
}
