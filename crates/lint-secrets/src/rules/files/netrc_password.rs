use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// `.netrc` gives tools such as git, curl and pip a user and a password for each host, in the clear.
    /// Read wherever such an entry stands: in the file, in a ConfigMap, in a heredoc of a Dockerfile.
    ///
    /// ```text bad file=.netrc
    /// machine git.shop.internal
    ///   login deploy
    ///   password Hm3·pQ9xVdw2
    /// #          ^^^^^^^^^^^ `.netrc` entry of `git.shop.internal` holds a literal password
    /// ```
    /// ```text good file=.netrc
    /// machine git.shop.internal
    ///   login deploy
    ///   password ${GIT_PASSWORD}
    /// ```
    pub(crate) static RULE: Check = {
        id: "netrc-password-committed",
        summary: "password of a `.netrc` entry is committed",
        remedy: "Change the password, and mount the file from a secret store or use a build secret.",
        severity: High,
        check: Check::Found(Find::NetrcPassword),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[312, 798],
        peers: &["kingfisher:kingfisher.netrc.1", "noseyparker:np.netrc.1", "titus:np.netrc.1"],
        references: &["https://everything.curl.dev/usingcurl/netrc"],
    }
}
