use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::checksum;
use crate::shape::{Part, Shape};

rule! {
    /// An app password of Bitbucket Cloud reads and writes repositories. It carries a checksum.
    ///
    /// ```yaml bad
    /// token: "ATBBoTjGmSPo·suTTzYhbbyn4ES0zD0C5B55F"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Bitbucket app password
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "bitbucket-password-committed",
        summary: "Bitbucket app password is committed",
        remedy: "Revoke the password, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Bitbucket app password",
                "ATBB",
                &[Part::Of(&charset::ALNUM, 32, 32)],
            )
            .judged(checksum::atlassian),
            Shape::prefix(
                "Bitbucket Data Center token",
                "BBDC-",
                &[Part::Of(&charset::BASE64_BODY, 44, 50)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["bitbucket-password", "bitbucket-token-bbdcm"],
        peers: &[
            "kingfisher:kingfisher.bitbucket.5", "kingfisher:kingfisher.bitbucket.6",
            "noseyparker:np.bitbucket.1", "titus:np.bitbucket.1",
        ],
    }
}
