use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Netlify token deploys sites.
    ///
    /// ```yaml bad
    /// token: "nfp_FIrqrWbg95·gFa8bmFVQDzzFvlMejBUwub8svTpu0"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Netlify personal access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "netlify-token-committed",
        summary: "Netlify personal access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Netlify personal access token",
                "nfp_",
                &[Part::Of(&charset::ALNUM, 36, 44)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["netlify-personal-token"],
        peers: &["kingfisher:kingfisher.netlify.3"],
    }
}
