use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::checksum;
use crate::shape::{Part, Shape};

rule! {
    /// An npm token can publish packages that others install. It carries the same checksum as
    /// tokens of GitHub.
    ///
    /// ```yaml bad
    /// token: "npm_3O2VcbNs6·UPKlNfprBQuXpxxSrWLYu0zZISn"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ npm access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "npm-token-committed",
        summary: "npm access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "npm access token",
                "npm_",
                &[Part::Of(&charset::ALNUM, 36, 36)],
            )
            .judged(checksum::github),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["npm-token"],
        peers: &[
            "betterleaks:npm-access-token", "github:npm_access_token", "gitleaks:npm-access-token",
            "kingfisher:kingfisher.npm.1", "noseyparker:np.npm.1", "titus:np.npm.1",
            "trufflehog:NpmToken",
        ],
        references: &["https://docs.npmjs.com/about-access-tokens"],
    }
}
