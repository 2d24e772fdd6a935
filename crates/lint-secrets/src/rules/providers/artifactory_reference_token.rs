use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// An Artifactory token pulls and pushes packages.
    ///
    /// ```yaml bad
    /// token: "cmVmdGtudIJb4iPPlgqJr·hCl9U38pf6l44jAJOcGtWX4bqrsiC67ZIb6NABAqjG1"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Artifactory reference token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "artifactory-reference-token-committed",
        summary: "Artifactory reference token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Artifactory reference token",
                "cmVmdGtu",
                &[Part::Of(&charset::ALNUM, 56, 56)],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["artifactory-token-cmvmd"],
        peers: &[
            "betterleaks:artifactory-reference-token", "gitleaks:artifactory-reference-token",
            "kingfisher:kingfisher.artifactory.3", "trufflehog:ArtifactoryReferenceToken",
        ],
    }
}
