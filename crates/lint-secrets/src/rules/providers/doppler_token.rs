use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Doppler token opens a store of other secrets.
    ///
    /// ```yaml bad
    /// token: "dp.pt.ovmFOcBO4h·4bjj3Yxt7LOj5vEtrSzVJffr0f1DZSVgm"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Doppler personal token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "doppler-token-committed",
        summary: "Doppler personal token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix("Doppler personal token", "dp.pt.", &[Part::Of(&charset::ALNUM, 40, 44)]),
            Shape::prefix("Doppler CLI token", "dp.ct.", &[Part::Of(&charset::ALNUM, 40, 44)]),
            Shape::prefix(
                "Doppler service account token",
                "dp.sa.",
                &[Part::Of(&charset::ALNUM, 40, 44)],
            ),
            Shape::prefix("Doppler SCIM token", "dp.scim.", &[Part::Of(&charset::ALNUM, 40, 44)]),
            Shape::prefix("Doppler audit token", "dp.audit.", &[Part::Of(&charset::ALNUM, 40, 44)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["doppler-token"],
        peers: &[
            "betterleaks:doppler-api-token", "github:doppler_audit_token",
            "github:doppler_cli_token", "github:doppler_personal_token",
            "github:doppler_scim_token", "github:doppler_service_account_token",
            "github:doppler_service_token", "gitleaks:doppler-api-token",
            "kingfisher:kingfisher.doppler.1", "kingfisher:kingfisher.doppler.2",
            "kingfisher:kingfisher.doppler.3", "kingfisher:kingfisher.doppler.4",
            "kingfisher:kingfisher.doppler.5", "kingfisher:kingfisher.doppler.6",
            "noseyparker:np.doppler.1", "noseyparker:np.doppler.2", "noseyparker:np.doppler.3",
            "noseyparker:np.doppler.4", "noseyparker:np.doppler.5", "noseyparker:np.doppler.6",
            "titus:np.doppler.1", "titus:np.doppler.2", "titus:np.doppler.3", "titus:np.doppler.4",
            "titus:np.doppler.5", "titus:np.doppler.6", "trufflehog:Doppler",
        ],
    }
}
