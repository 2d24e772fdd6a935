use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

static SWARM: charset::Set = charset::Set::of("a-zA-Z0-9+/-");

rule! {
    /// A Docker Swarm token joins a node to the cluster.
    ///
    /// ```yaml bad
    /// token: "SWMTKN-1-ivf3wzc486x438fhl0z·4wmse71et9v5wb781tdlwnem7qt9ayu-7alr3rvn6onzyjbm6zbkgryvs"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Docker Swarm join token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "swarm-token-committed",
        summary: "Docker Swarm join token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Docker Swarm join token", "SWMTKN-1-", &[Part::Of(&SWARM, 40, 100)]),
            Shape::prefix("Docker Swarm unlock key", "SWMKEY-1-", &[Part::Of(&SWARM, 40, 100)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["docker-agent-token", "docker-token"],
        peers: &[
            "betterleaks:docker-swarm-join-token", "betterleaks:docker-swarm-unlock-key",
            "github:docker_swarm_join_token", "github:docker_swarm_unlock_key",
            "kingfisher:kingfisher.docker.2", "kingfisher:kingfisher.docker.3",
        ],
    }
}
