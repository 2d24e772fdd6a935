use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// A password in a file is in every clone, image and backup of it, and is changed by nobody.
    /// Templates, references, hashes and words that only stand for a password are left alone. Names
    /// are read wherever they stand: in code, in settings, in the environment of a container, as the
    /// keys of a ConfigMap, in pairs of a name and a value. So are the options of commands.
    ///
    /// ```yaml bad
    /// database:
    ///   password: kR7·vTq2wZ
    /// #           ^^^^^^^^^ `password` is assigned a literal password
    /// ```
    /// ```yaml bad file=pod.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     env:
    ///     - name: DB_PASSWORD
    ///       value: kR7·vTq2wZ
    /// #            ^^^^^^^^^ container `web` in Pod `shop/api` sets `DB_PASSWORD` to a literal password
    /// ```
    /// ```yaml good
    /// database:
    ///   password: ${DB_PASSWORD}
    ///   passwordFile: /run/secrets/db
    /// ```
    pub(crate) static RULE: Check = {
        id: "password-assigned",
        summary: "a literal password is assigned",
        remedy: "Change the password and read it from a secret store or a mounted file.",
        severity: High,
        check: Check::Found(Find::Password),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::Medium,
        aliases: &[
            "generic-password",
            "plaintext-secret-in-env",
            "generic-db-password",
            "gradle-password",
            "hashicorp-password",
            "nuget-password",
            "weakpassword-password",
            "wincmd-password",
            "psexec-password",
            "phpmailer-password",
            "reactapp-password",
            "vmware-password",
            "snowflake-password",
            "redis-token",
            "plaintext-password",
        ],
        cwe: &[259, 798],
        peers: &[
            "github:http_basic_authentication_header",
            "github:password",
            "kube-linter:env-var-secret",
            "polaris:sensitiveContainerEnvVar",
            "polaris:sensitiveConfigmapContent",
            "trivy:KSV-0109",
            "kubescape:C-0012",
            "kingfisher:kingfisher.generic.5",
            "noseyparker:np.generic.11",
            "noseyparker:np.generic.12",
            "noseyparker:np.generic.5",
            "noseyparker:np.generic.6",
            "noseyparker:np.generic.7",
            "noseyparker:np.generic.8",
            "noseyparker:np.http.1",
            "titus:kingfisher.curl.1",
            "titus:np.generic.11",
            "titus:np.generic.12",
            "titus:np.generic.5",
            "titus:np.generic.6",
            "titus:np.generic.7",
            "titus:np.generic.8",
            "titus:np.http.1",
            "kubescape:C-0259",
            "kingfisher:kingfisher.ldap.1",
            "kingfisher:kingfisher.gradle.1",
            "noseyparker:np.gradle.1",
            "titus:np.gradle.1",
            "gitleaks:hashicorp-tf-password",
            "betterleaks:hashicorp-tf-password",
            "gitleaks:nuget-config-password",
            "betterleaks:nuget-config-password",
            "kingfisher:kingfisher.weak_password.1",
            "kingfisher:kingfisher.wincmd.3",
            "kingfisher:kingfisher.psexec.1",
            "noseyparker:np.psexec.1",
            "titus:np.psexec.1",
            "kingfisher:kingfisher.phpmailer.1",
            "noseyparker:np.phpmailer.1",
            "titus:np.phpmailer.1",
            "kingfisher:kingfisher.reactapp.2",
            "noseyparker:np.reactapp.2",
            "titus:np.reactapp.2",
            "kingfisher:kingfisher.vmware.1",
            "noseyparker:np.vmware.1",
            "titus:np.vmware.1",
            "kingfisher:kingfisher.snowflake.3",
            "github:snowflake_postgres_password",
            "kingfisher:kingfisher.redis.2",
            "trufflehog:Redis",
            "titus:np.redis.2",
            "kingfisher:kingfisher.plaintext.1",
            "kingfisher:kingfisher.netrc.1",
            "noseyparker:np.netrc.1",
            "titus:np.netrc.1",
        ],
    }
}
