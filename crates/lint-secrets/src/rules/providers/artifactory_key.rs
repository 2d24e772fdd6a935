use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::judges;
use crate::shape::{Part, Shape};

rule! {
    /// An Artifactory key pulls and pushes packages.
    ///
    /// ```yaml bad
    /// token: "AKCpZ9Xu9xndL3yHj3p4lsdc·azkbeVHfV7xmLKf1NwCSZZP13jkAQasFZXESjDw8TUctW3cme"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Artifactory API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "artifactory-key-committed",
        summary: "Artifactory API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Artifactory API key",
                "AKCp",
                &[Part::Of(&charset::ALNUM, 60, 75)],
            )
            .judged(judges::both_cases),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["artifactory-token"],
        peers: &[
            "betterleaks:artifactory-api-key", "gitleaks:artifactory-api-key",
            "trufflehog:ArtifactoryAccessToken",
        ],
    }
}
