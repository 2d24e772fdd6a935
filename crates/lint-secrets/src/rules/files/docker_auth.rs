use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// Docker keeps the user and the password of a registry as base64 of `user:password`, which hides
    /// nothing. Whoever reads the file can pull, and mostly push, images in that user's name. Read in
    /// `config.json`, in `.dockercfg` and in the Secrets made of them.
    ///
    /// ```json bad file=.docker/config.json
    /// {
    ///   "auths": {
    ///     "registry.shop.internal": {
    ///       "auth": "c2hvcDpIbT·NwUTl4VmR3·Mg=="
    /// #              ^^^^^^^^^^^^^^^^^^^^^^^^ `auth` of registry `registry.shop.internal` holds a literal credential
    ///     }
    ///   }
    /// }
    /// ```
    /// ```go bad file=pull.go
    /// const config = `{"auths":{"registry.shop.internal":{"auth":"c2hvcDpIbT·NwUTl4VmR3·Mg=="}}}`
    /// #                                                           ^^^^^^^^^^^^^^^^^^^^^^^^ `auth` holds the user and password of a registry
    /// ```
    /// ```json good file=.docker/config.json
    /// {
    ///   "auths": {"registry.shop.internal": {}},
    ///   "credsStore": "pass"
    /// }
    /// ```
    pub(crate) static RULE: Check = {
        id: "docker-auth-committed",
        summary: "credential of a container registry is committed",
        remedy: "Change the credential; let a credential helper or the CI system provide it, or commit an ExternalSecret or SealedSecret of it.",
        severity: High,
        check: Check::Found(Find::DockerAuth),
        security: true,
        peers: &[
            "kingfisher:kingfisher.docker.1",
            "titus:kingfisher.docker.1",
            "trufflehog:Docker",
        ],
        aliases: &[
            "docker-password",
            "docker-token-2",
        ],
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[312, 798],
        references: &[
            "https://docs.docker.com/reference/cli/docker/login/#credential-stores",
            "https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/",
        ],
    }
}
