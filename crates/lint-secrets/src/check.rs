//! What a rule of this linter looks at.

use careen_rule::Meta;

use crate::shape::Shape;
use crate::{bare_key, command, pair, rules, signed_url, store};

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
    /// A store of keys that a passphrase protects.
    KeyStore,
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
    /// The secret beside the id of a key of another cloud.
    CloudSecret,
    /// The secret of an Azure service principal.
    ServicePrincipal,
    /// A JSON Web Token.
    WebToken,
    /// The token of a Kubernetes service account.
    ServiceAccountToken,
    /// A URL that carries its permission.
    SignedUrl,
    /// The address of a webhook.
    Webhook,
    /// A password on a command line.
    CommandPassword,
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

/// A reader of secrets that are no tokens of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A value given to a name that promises a secret.
    Assignment,
    /// A private key in armour.
    PrivateKey,
    /// A user and a password in a URL.
    Url,
    /// A literal `Authorization` value with `Basic` or `Bearer`.
    Authorization,
    /// An `Authorization` value with the scheme of a vendor.
    VendorHeader,
    /// A header that is named after what it holds.
    NamedHeader,
    /// A private key in armour that is in base64 as a whole.
    PackedKey,
    /// A private key without armour.
    BareKey,
    /// A store of keys in base64.
    PackedStore,
    /// A user and a password for Oracle's thin driver.
    ThinUrl,
    /// A JSON Web Token.
    WebToken,
    /// A URL that carries its permission.
    SignedUrl,
    /// The address of a webhook.
    Webhook,
    /// A password on a command line.
    Command,
    /// A key id with its secret beside it.
    Pair,
    /// A command that reads a password from its input, or settings and secrets from its words.
    Shell,
    /// The login of a registry, as in a configuration of Docker.
    RegistryAuth,
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
        (&["-----BEGIN ", "PuTTY-User-Key-File-", "---- BEGIN SSH2 "], Self::PrivateKey),
        (&["LS0tLS1CRUdJTi"], Self::PackedKey),
        (bare_key::ANCHORS, Self::BareKey),
        (store::ANCHORS, Self::PackedStore),
        (&["://"], Self::Url),
        (&[":thin:"], Self::ThinUrl),
        (&["earer ", "EARER ", "asic ", "BASIC "], Self::Authorization),
        (&["uthorization", "UTHORIZATION"], Self::VendorHeader),
        (
            &["-Key: ", "-key: ", "-KEY: ", "-Token: ", "-token: ", "-TOKEN: ", "-Secret: "],
            Self::NamedHeader,
        ),
        (&["eyJ"], Self::WebToken),
        (signed_url::SIGNATURES, Self::SignedUrl),
        (signed_url::HOOKS, Self::Webhook),
        (command::ANCHORS, Self::Command),
        (pair::ANCHORS, Self::Pair),
        (&["chpasswd", "word-stdin", "config set ", "from-literal"], Self::Shell),
        (&["\"auth\"", "\\\"auth\\\""], Self::RegistryAuth),
        (&["machine "], Self::Netrc),
        (&["%3D", "%3d", "\\u00"], Self::Escape),
    ];
}
