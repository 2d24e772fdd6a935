use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Dynatrace token reads and changes what is monitored.
    ///
    /// ```yaml bad
    /// token: "dt0c01.7BZM64HNFJYP7L7Q5KIFU3GG.·IGTMNLHEYU4CF74EXNMTFYJBMDIKJHJHHJKGCF4HR43TF5TC3QDH47WUSSLKHBKA"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Dynatrace API token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "dynatrace-token-committed",
        summary: "Dynatrace API token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Dynatrace API token",
                "dt0c01.",
                &[
                    Part::Of(&charset::UPPER_ALNUM, 24, 24), Part::Is("."),
                    Part::Of(&charset::UPPER_ALNUM, 64, 64),
                ],
            ),
            Shape::prefix(
                "Dynatrace platform token",
                "dt0s16.",
                &[
                    Part::Of(&charset::UPPER_ALNUM, 24, 24), Part::Is("."),
                    Part::Of(&charset::UPPER_ALNUM, 64, 64),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["dynatrace-token"],
        peers: &[
            "betterleaks:dynatrace-api-token", "github:dynatrace_api_token",
            "gitleaks:dynatrace-api-token",
        ],
    }
}
