use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A Square secret speaks in the name of the application.
    ///
    /// ```yaml bad
    /// token: "sq0csp-5jcfY5NvU·ezz8CSEJm2F18dVnbzyGZxit70fNu1EDv8"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Square OAuth secret
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "square-secret-committed",
        summary: "Square OAuth secret is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Square OAuth secret",
                "sq0csp-",
                &[Part::Of(&charset::URL64, 22, 43)],
            )
            .judged(judges::both_cases),
            Shape::prefix(
                "Square personal token",
                "sq0atp-",
                &[Part::Of(&charset::URL64, 22, 43)],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["square-client-secret"],
        peers: &[
            "github:square_production_application_secret",
            "github:square_sandbox_application_secret", "kingfisher:kingfisher.square.3",
            "noseyparker:np.square.2", "titus:np.square.2",
        ],
    }
}
