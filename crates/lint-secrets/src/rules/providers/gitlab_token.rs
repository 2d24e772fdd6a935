use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::checksum;
use crate::shape::{Part, Shape};

static GITLAB: charset::Set = charset::Set::of("a-zA-Z0-9_.-");

rule! {
    /// A GitLab token reads and writes repositories and registries, runs jobs or joins runners,
    /// depending on its kind.
    ///
    /// ```yaml bad
    /// token: "glpat-Cd·N674VPmtFehhIRz5S1"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^ GitLab personal access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "gitlab-token-committed",
        summary: "GitLab token is committed",
        remedy: "Revoke the token at GitLab, issue a new one with fewer scopes, and hand it over from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "GitLab personal access token",
                "glpat-",
                &[Part::Of(&GITLAB, 20, 320)],
            )
            .judged(checksum::gitlab),
            Shape::prefix("GitLab deploy token", "gldt-", &[Part::Of(&GITLAB, 20, 320)]),
            Shape::prefix(
                "GitLab runner authentication token",
                "glrt-",
                &[Part::Of(&GITLAB, 20, 320)],
            ),
            Shape::prefix("GitLab pipeline trigger token", "glptt-", &[Part::Of(&GITLAB, 20, 320)]),
            Shape::prefix("GitLab feed token", "glft-", &[Part::Of(&GITLAB, 20, 320)]),
            Shape::prefix("GitLab incoming mail token", "glimt-", &[Part::Of(&GITLAB, 20, 320)]),
            Shape::prefix("GitLab agent token", "glagent-", &[Part::Of(&GITLAB, 20, 320)]),
            Shape::prefix(
                "GitLab OAuth application secret",
                "gloas-",
                &[Part::Of(&GITLAB, 20, 320)],
            ),
            Shape::prefix("GitLab CI job token", "glcbt-", &[Part::Of(&GITLAB, 20, 320)]),
            Shape::prefix("GitLab SCIM token", "glsoat-", &[Part::Of(&GITLAB, 20, 320)]),
            Shape::prefix(
                "GitLab feature flags client token",
                "glffct-",
                &[Part::Of(&GITLAB, 20, 320)],
            ),
            Shape::prefix(
                "GitLab runner registration token",
                "GR1348941",
                &[Part::Of(&charset::URL64, 20, 20)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &[
            "gitlab-personal-token", "gitlab-deploy-token", "gitlab-agent-token-glrt",
            "gitlab-agent-token", "gitlab-token", "gitlab-token-glptt", "gitlab-token-glft",
            "gitlab-token-glimt", "gitlab-client-secret", "gitlab-scim", "gitlab-token-glffct",
            "gitlab-agent-token-gr1348941",
        ],
        peers: &[
            "betterleaks:gitlab-cicd-job-token", "betterleaks:gitlab-deploy-token",
            "betterleaks:gitlab-feature-flag-client-token", "betterleaks:gitlab-feed-token",
            "betterleaks:gitlab-incoming-mail-token", "betterleaks:gitlab-kubernetes-agent-token",
            "betterleaks:gitlab-oauth-app-secret", "betterleaks:gitlab-pat",
            "betterleaks:gitlab-pat-routable", "betterleaks:gitlab-pat-routable-versioned",
            "betterleaks:gitlab-ptt", "betterleaks:gitlab-rrt",
            "betterleaks:gitlab-runner-authentication-token",
            "betterleaks:gitlab-runner-authentication-token-routable",
            "betterleaks:gitlab-scim-token", "github:gitlab_access_token",
            "github:gitlab_ci_build_token", "github:gitlab_deploy_token",
            "github:gitlab_feature_flag_client_token", "github:gitlab_feed_token_v2",
            "github:gitlab_incoming_email_token", "github:gitlab_kubernetes_agent_token",
            "github:gitlab_oauth_app_secret", "github:gitlab_pipeline_trigger_token",
            "github:gitlab_runner_auth_token", "github:gitlab_runner_registration_token",
            "github:gitlab_scim_oauth_token", "gitleaks:gitlab-cicd-job-token",
            "gitleaks:gitlab-deploy-token", "gitleaks:gitlab-feature-flag-client-token",
            "gitleaks:gitlab-feed-token", "gitleaks:gitlab-incoming-mail-token",
            "gitleaks:gitlab-kubernetes-agent-token", "gitleaks:gitlab-oauth-app-secret",
            "gitleaks:gitlab-pat", "gitleaks:gitlab-pat-routable", "gitleaks:gitlab-ptt",
            "gitleaks:gitlab-rrt", "gitleaks:gitlab-runner-authentication-token",
            "gitleaks:gitlab-runner-authentication-token-routable", "gitleaks:gitlab-scim-token",
            "kingfisher:kingfisher.gitlab.1", "kingfisher:kingfisher.gitlab.10",
            "kingfisher:kingfisher.gitlab.11", "kingfisher:kingfisher.gitlab.12",
            "kingfisher:kingfisher.gitlab.13", "kingfisher:kingfisher.gitlab.14",
            "kingfisher:kingfisher.gitlab.2", "kingfisher:kingfisher.gitlab.3",
            "kingfisher:kingfisher.gitlab.4", "kingfisher:kingfisher.gitlab.5",
            "kingfisher:kingfisher.gitlab.6", "kingfisher:kingfisher.gitlab.7",
            "kingfisher:kingfisher.gitlab.8", "kingfisher:kingfisher.gitlab.9",
            "noseyparker:np.gitlab.1", "noseyparker:np.gitlab.2", "noseyparker:np.gitlab.3",
            "titus:np.gitlab.1", "titus:np.gitlab.2", "titus:np.gitlab.3", "titus:np.gitlab.4",
            "trufflehog:GitLabOauth2", "trufflehog:Gitlab",
        ],
        references: &["https://docs.gitlab.com/security/tokens/"],
    }
}
