use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// A password on a command line stands in the script, in the process list of the machine, in its logs and
    /// in the history of its shell. Read for `curl`, `sshpass`, the clients of databases and directories,
    /// `docker login` and its like, `htpasswd`, `openssl`, `keytool`, `net use` and PowerShell.
    ///
    /// ```sh bad file=deploy.sh
    /// curl -u shop:kR7v·Tq2wZ https://files.shop.internal/a
    /// #            ^^^^^^^^^ `curl` is given a literal password
    /// sshpass -p kR7v·Tq2wZ ssh shop@files.shop.internal
    /// #          ^^^^^^^^^ `sshpass` is given a literal password
    /// ```
    /// ```sh good file=deploy.sh
    /// curl -u "shop:$PASSWORD" https://files.shop.internal/a
    /// sshpass -e ssh shop@files.shop.internal
    /// ```
    pub(crate) static RULE: Check = {
        id: "command-line-password",
        summary: "a command is given a literal password",
        remedy: "Change the password and hand it over in a file, on standard input or in the environment.",
        severity: High,
        check: Check::Found(Find::CommandPassword),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::Medium,
        cwe: &[214, 798],
        peers: &["betterleaks:curl-auth-user", "gitleaks:curl-auth-user"],
    }
}
