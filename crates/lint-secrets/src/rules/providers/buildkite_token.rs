use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Buildkite token runs builds.
    ///
    /// ```yaml bad
    /// token: "bkua_4fa42c5a42·0a415115676c90ae5dfd3b6100f104"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Buildkite user token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "buildkite-token-committed",
        summary: "Buildkite user token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Buildkite user token", "bkua_", &[Part::Of(&charset::ALNUM, 40, 80)]),
            Shape::prefix("Buildkite agent token", "bkct_", &[Part::Of(&charset::ALNUM, 40, 80)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["buildkite-token", "buildkite-agent-token"],
        peers: &[
            "betterleaks:buildkite-service-token", "betterleaks:buildkite-user-access-token",
            "github:buildkite_agent_access_token", "github:buildkite_agent_job_token",
            "github:buildkite_agent_registration_token", "github:buildkite_cluster_queue_token",
            "github:buildkite_cluster_token", "github:buildkite_packages_registry_token",
            "github:buildkite_packages_temporary_token", "github:buildkite_portal_token",
            "github:buildkite_user_access_token", "kingfisher:kingfisher.buildkite.1",
            "kingfisher:kingfisher.buildkite.2", "kingfisher:kingfisher.buildkite.3",
            "titus:kingfisher.buildkite.1", "trufflehog:Buildkite",
        ],
    }
}
