//! What a rule of this linter looks at.

use careen_rule::Meta;

use crate::rules;
use crate::shape::Shape;

/// The subject of a rule.
#[derive(Debug)]
pub(crate) enum Check {
    /// Tokens of a provider, known by their form.
    Token(&'static [Shape]),
    /// What a reader finds that looks for no form.
    Found(Find),
}

/// What readers find beside tokens. Each has one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Find {
    /// A password given to a name.
    Password,
    /// A key or token given to a name.
    Secret,
    /// A private key in armour.
    PrivateKey,
    /// The private key of a Google service account.
    ServiceAccountKey,
    /// A password in a URL.
    UrlPassword,
    /// A password in a connection string.
    ConnectionPassword,
    /// A literal `Authorization` value.
    Authorization,
    /// A value of a Kubernetes Secret that is not recognised as anything else.
    KubernetesSecret,
    /// The secret beside an AWS access key id.
    AwsSecret,
    /// A credential of a registry in a configuration of Docker.
    DockerAuth,
    /// A password of `.netrc`.
    NetrcPassword,
    /// A credential of a kubeconfig.
    KubeconfigCredential,
    /// A value of a Terraform state.
    TerraformState,
    /// A packed Helm release.
    HelmRelease,
}

impl Find {
    /// The rule that reports the find.
    pub(crate) fn rule(self) -> Option<&'static Meta> {
        let own = |check: &Check| matches!(check, Check::Found(find) if *find == self);
        rules::ALL.iter().find(|rule| own(&rule.check)).map(|rule| &rule.meta)
    }
}

/// A reader of secrets that have no form of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A value given to a name that promises a secret.
    Assignment,
    /// A private key in armour.
    PrivateKey,
    /// A user and a password in a URL.
    Url,
    /// A literal `Authorization` value.
    Authorization,
    /// A command that takes a password by an option or from its input.
    Shell,
    /// An entry of `.netrc`.
    Netrc,
    /// An escape that may hide what the others look for.
    Escape,
}

impl Reader {
    /// The literals that lead to each reader. Those of names are stems in the cases they occur
    /// in, as short as the search allows.
    pub(crate) const ANCHORS: &'static [(&'static [&'static str], Self)] = &[
        (
            &[
                "pass",
                "Pass",
                "PASS",
                "pwd",
                "Pwd",
                "PWD",
                "ecret",
                "ECRET",
                "oken",
                "OKEN",
                "_key",
                "-key",
                "_KEY",
                "-KEY",
                "ikey",
                "IKEY",
                "skey",
                "SKEY",
                "Key",
                "redential",
                "REDENTIAL",
            ],
            Self::Assignment,
        ),
        (&["-----BEGIN ", "PuTTY-User-Key-File-"], Self::PrivateKey),
        (&["://"], Self::Url),
        (&["earer ", "EARER ", "asic ", "BASIC "], Self::Authorization),
        (
            &[
                " login ",
                "mysql",
                "mariadb",
                "sshpass ",
                "redis-cli",
                "curl ",
                "ldapsearch",
                "ldapmodify",
                "ldapadd",
                "mongosh",
                "mongodump",
                "mongorestore",
                "chpasswd",
                "word-stdin",
                "config set ",
                "from-literal",
            ],
            Self::Shell,
        ),
        (&["machine "], Self::Netrc),
        (&["%3D", "%3d", "\\u00"], Self::Escape),
    ];
}
