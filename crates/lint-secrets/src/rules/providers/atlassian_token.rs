use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::checksum;
use crate::shape::{Part, Shape};

rule! {
    /// An Atlassian token acts for its owner in Jira, Confluence and Bitbucket. It carries a
    /// checksum.
    ///
    /// ```yaml bad
    /// token: "ATATT3xFfGF0UDPIiHfoufsMijzL5ZxoALlGeHe9N6O5nUld0ccNbtgvO2IdVbT8·zbWdHkCxkVP0y9WibFgQQLnAvxP1wTmSXkilpviye4d2FOYwtjUbeAO2Tke58ouapjlZIp8tXxVrMHOV1qQMLC8NqjGvn4U3G4hgpGnB7gLkD756qiNl3pj=114E6526"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Atlassian API token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "atlassian-token-committed",
        summary: "Atlassian token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Atlassian API token",
                "ATATT3",
                &[Part::Of(&charset::URL64_PADDED, 60, 300)],
            )
            .judged(checksum::atlassian),
            Shape::prefix(
                "Atlassian access token",
                "ATCTT3",
                &[Part::Of(&charset::URL64_PADDED, 60, 900)],
            )
            .judged(checksum::atlassian),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["atlassian-token", "atlassian-token-atctt3xffg", "bitbucket-token"],
        peers: &[
            "github:atlassian_api_token", "github:atlassian_jwt",
            "github:bitbucket_server_personal_access_token", "kingfisher:kingfisher.atlassian.5",
            "kingfisher:kingfisher.bitbucket.4", "noseyparker:np.atlassian.1",
            "titus:np.atlassian.1", "trufflehog:Atlassian",
        ],
        references: &[
            "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
        ],
    }
}
