use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Docker Hub token pulls private images and may push public ones.
    ///
    /// ```yaml bad
    /// token: "dckr_pat_7UW·eOt5D6r4dW4Ffr1H5c95iome"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Docker Hub personal access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "docker-token-committed",
        summary: "Docker Hub personal access token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Docker Hub personal access token",
                "dckr_pat_",
                &[Part::Of(&charset::URL64, 27, 40)],
            ),
            Shape::prefix(
                "Docker Hub organisation access token",
                "dckr_oat_",
                &[Part::Of(&charset::URL64, 27, 40)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["docker-personal-token"],
        peers: &[
            "betterleaks:dockerhub-organization-access-token",
            "betterleaks:dockerhub-personal-access-token",
            "github:docker_organization_access_token", "github:docker_personal_access_token",
            "kingfisher:kingfisher.dockerhub.1", "kingfisher:kingfisher.dockerhub.3",
            "noseyparker:np.dockerhub.1", "titus:np.dockerhub.1", "trufflehog:Dockerhub",
        ],
    }
}
