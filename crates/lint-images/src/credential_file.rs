//! Files that hold credentials, by where tools keep them.

use careen_rule::fits;

use crate::entries::name_of;

/// A kind of credential file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CredentialFile {
    /// What it holds: a noun phrase.
    pub(crate) what: &'static str,
    /// Whether it is of no use without a secret in it.
    pub(crate) is_certain: bool,
    /// Names, or ends of paths where they have a `/`; `*` stands for any text.
    patterns: &'static [&'static str],
}

const fn certain(what: &'static str, patterns: &'static [&'static str]) -> CredentialFile {
    CredentialFile { what, is_certain: true, patterns }
}

const fn likely(what: &'static str, patterns: &'static [&'static str]) -> CredentialFile {
    CredentialFile { what, is_certain: false, patterns }
}

/// The kinds, the more certain of two that fit first.
static KINDS: &[CredentialFile] = &[
    certain("an SSH host key", &["ssh/ssh_host_*_key"]),
    certain(
        "a private SSH key",
        &["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk"],
    ),
    certain("private OpenPGP keys", &[".gnupg/secring.gpg", ".gnupg/private-keys-v1.d/*.key"]),
    certain("a private key with its certificate", &["*.p12", "*.pfx"]),
    certain("passwords of Git", &[".git-credentials"]),
    certain("credentials of AWS", &[".aws/credentials"]),
    certain(
        "credentials of Google Cloud",
        &[
            "gcloud/application_default_credentials.json",
            "gcloud/credentials.db",
            "gcloud/access_tokens.db",
            "gcloud/legacy_credentials/*/adc.json",
        ],
    ),
    certain(
        "credentials of Azure",
        &[
            ".azure/accessTokens.json",
            ".azure/msal_token_cache.*",
            ".azure/service_principal_entries.*",
        ],
    ),
    certain(
        "credentials of Kubernetes",
        &[
            ".kube/config",
            "kubeconfig",
            "*.kubeconfig",
            "kubernetes/admin.conf",
            "kubernetes/super-admin.conf",
        ],
    ),
    certain("credentials of Terraform", &["credentials.tfrc.json"]),
    certain("the state of Terraform", &["*.tfstate", "*.tfstate.backup"]),
    certain("a token of Vault", &[".vault-token"]),
    certain("a token of GitHub's client", &[".config/gh/hosts.yml", ".config/hub"]),
    certain("credentials of Cargo", &[".cargo/credentials", ".cargo/credentials.toml"]),
    certain("credentials of RubyGems", &[".gem/credentials"]),
    certain("credentials of Composer", &[".composer/auth.json", ".config/composer/auth.json"]),
    certain("passwords of PostgreSQL", &[".pgpass"]),
    certain("passwords of MySQL", &[".mylogin.cnf"]),
    certain("hashed passwords of a web server", &[".htpasswd"]),
    certain("passwords of machines", &[".netrc", "_netrc"]),
    certain("credentials of registries", &[".dockercfg"]),
    likely("credentials of registries", &[".docker/config.json", "containers/auth.json"]),
    likely("credentials of PyPI", &[".pypirc"]),
    likely("credentials of npm", &[".npmrc"]),
    likely("passwords of MySQL", &[".my.cnf"]),
    likely("credentials of Maven", &[".m2/settings.xml", ".m2/settings-security.xml"]),
    likely("credentials of Gradle", &[".gradle/gradle.properties"]),
    likely("credentials of S3 or Google Storage", &[".s3cfg", ".boto"]),
    likely("credentials of rclone", &["rclone/rclone.conf"]),
    likely(
        "the key of a service account",
        &[
            "service-account*.json",
            "service_account*.json",
            "serviceaccount*.json",
            "*-service-account.json",
        ],
    ),
    likely("credentials", &["credentials.json", "client_secret*.json"]),
    likely(
        "the history of a shell",
        &[".bash_history", ".ash_history", ".zsh_history", ".mysql_history", ".psql_history"],
    ),
    likely("the environment of a service", &[".env", ".env.*"]),
];

/// Ends of names of templates without secrets.
const TEMPLATES: &[&str] = &[
    "example", "sample", "template", "tmpl", "tpl", "dist", "defaults", "schema", "d", "md", "pub",
];

/// The kind that a path is of.
pub(crate) fn kind_of(path: &str) -> Option<&'static CredentialFile> {
    let name = name_of(path);
    if name.rsplit('.').next().is_some_and(|end| TEMPLATES.contains(&end)) && name.contains('.') {
        return None;
    }
    KINDS.iter().find(|kind| kind.patterns.iter().any(|pattern| is_at(pattern, path, name)))
}

/// Whether a path ends, at the border of a name, with what a pattern says.
fn is_at(pattern: &str, path: &str, name: &str) -> bool {
    let borders = pattern.matches('/').count();
    if borders == 0 {
        // `*` must stand for something: `.pfx` is no name of a key store.
        return fits(pattern, name) && (name.len() >= pattern.len() || !pattern.starts_with('*'));
    }
    let start = path.rmatch_indices('/').nth(borders).map_or(0, |(at, _)| at + 1);
    let end = path.get(start..).unwrap_or_default();
    end.matches('/').count() == borders && fits(pattern, end)
}

#[cfg(test)]
mod tests {
    use super::kind_of;

    #[test]
    fn files_are_known_by_where_they_live() {
        for path in [
            "app/.env",
            "app/.env.production",
            "root/.ssh/id_ed25519",
            "etc/ssh/ssh_host_rsa_key",
            "home/web/.aws/credentials",
            ".kube/config",
            "root/.config/gcloud/legacy_credentials/a@b.c/adc.json",
            "srv/terraform.tfstate",
            "app/server.pfx",
            "root/.docker/config.json",
            "app/service-account.json",
        ] {
            assert!(kind_of(path).is_some(), "{path}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_none() {
        for path in [
            "app/.env.example",
            "app/.env.d",
            "app/settings.py",
            "app/credentials",
            "app/config.json",
            "app/my.docker/config.json",
            "root/.ssh/id_rsa.pub",
            "etc/ssh/ssh_host_rsa_key.pub",
            "app/kube/config",
            "app/environment",
            "app/.pfx",
            "env",
        ] {
            assert!(kind_of(path).is_none(), "{path}");
        }
    }
}
