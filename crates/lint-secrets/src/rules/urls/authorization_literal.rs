use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// A literal `Basic` pair is a password in base64, a literal `Bearer` token a credential as it is.
    ///
    /// ```yaml bad
    /// headers:
    ///   Authorization: Bearer 9f3k·Wq7Lz2Vx8Rt5Bn1Mc6Yd4
    /// #                       ^^^^^^^^^^^^^^^^^^^^^^^^^ `Authorization` value holds a literal `Bearer` credential
    /// ```
    /// ```yaml good
    /// headers:
    ///   Authorization: Bearer ${API_TOKEN}
    /// ```
    pub(crate) static RULE: Check = {
        id: "authorization-literal",
        summary: "an `Authorization` value is a literal",
        remedy: "Revoke the credential and put the header together from a secret at run time.",
        severity: High,
        check: Check::Found(Find::Authorization),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::Medium,
        cwe: &[798],
        peers: &[
            "gitleaks:curl-auth-header", "betterleaks:curl-auth-header", "noseyparker:np.http.1",
            "noseyparker:np.http.2",
        ],
    }
}
