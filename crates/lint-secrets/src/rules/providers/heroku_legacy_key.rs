use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// A Heroku API key deploys and reads the settings of applications. It has no mark of its own,
    /// so the name before it must say whose it is.
    ///
    /// ```yaml bad
    /// heroku_key: "8da5959e-187·d-45b0-a767-dfc407aefff8"
    /// #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Heroku API key
    /// ```
    /// ```yaml good
    /// heroku_key: "${HEROKU_KEY}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "heroku-legacy-key-committed",
        summary: "Heroku API key is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::near(
                "Heroku API key",
                &["heroku"],
                &[Part::Of(&charset::UUID, 36, 36)],
            )
            .judged(judges::uuid),
        ]),
        confidence: careen_rule::Confidence::Medium,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["heroku-token-2"],
        peers: &[
            "betterleaks:heroku-api-key", "gitleaks:heroku-api-key",
            "kingfisher:kingfisher.heroku.1", "noseyparker:np.heroku.1", "titus:np.heroku.1",
        ],
    }
}
