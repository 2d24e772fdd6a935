use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A SonarQube token reads the analysed source.
    ///
    /// ```yaml bad
    /// token: "squ_15cb1fb86c·50776d18f18ae20d280e8bf02b06d4"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ SonarQube user token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "sonarqube-token-committed",
        summary: "SonarQube user token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("SonarQube user token", "squ_", &[Part::Of(&charset::LOWER_HEX, 40, 40)]),
            Shape::prefix(
                "SonarQube project token",
                "sqp_",
                &[Part::Of(&charset::LOWER_HEX, 40, 40)],
            ),
            Shape::prefix(
                "SonarQube analysis token",
                "sqa_",
                &[Part::Of(&charset::LOWER_HEX, 40, 40)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["sonar-token", "sonarqube-token"],
        peers: &[
            "betterleaks:sonar-api-token", "gitleaks:sonar-api-token",
            "kingfisher:kingfisher.sonarqube.1",
        ],
    }
}
