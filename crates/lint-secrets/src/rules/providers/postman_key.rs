use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Postman key reads collections, and with them the secrets that are kept there.
    ///
    /// ```yaml bad
    /// token: "PMAK-88ef491f8bf4267e·f3823247-bb8338a3df40853ae7ab39c4b01fa288e1"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Postman API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "postman-key-committed",
        summary: "Postman API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Postman API key",
                "PMAK-",
                &[
                    Part::Of(&charset::LOWER_HEX, 24, 24), Part::Is("-"),
                    Part::Of(&charset::LOWER_HEX, 34, 34),
                ],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["postman-token"],
        peers: &[
            "betterleaks:postman-api-token", "github:postman_api_key", "gitleaks:postman-api-token",
            "kingfisher:kingfisher.postman.1", "noseyparker:np.postman.1", "titus:np.postman.1",
            "trufflehog:Postman",
        ],
    }
}
