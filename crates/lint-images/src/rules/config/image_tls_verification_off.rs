use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::environment::stops_tls_checks;
use crate::subject::{Built, cut};

rule! {
    /// What the Dockerfile sets with `ENV`, often for the build only, is set in every container:
    /// its programs take any certificate from any server, and whoever stands on the way reads and
    /// changes what they send. Name the CA that signs the servers' certificates instead:
    /// `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE`, `PIP_CERT`, `GIT_SSL_CAINFO`.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "NODE_TLS_REJECT_UNAUTHORIZED=0": variable `NODE_TLS_REJECT_UNAUTHORIZED` of image `app` turns the check of servers' certificates off
    /// config: {Env: [PATH=/bin, NODE_TLS_REJECT_UNAUTHORIZED=0]}
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "npm_config_strict_ssl=false": variable `npm_config_strict_ssl` of image `app`
    /// config: {Env: [npm_config_strict_ssl=false]}
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "GIT_SSL_NO_VERIFY=false": variable `GIT_SSL_NO_VERIFY` of image `app`
    /// config: {Env: [GIT_SSL_NO_VERIFY=false]}
    /// ```
    /// ```image good file=app
    /// config: {Env: [NODE_TLS_REJECT_UNAUTHORIZED=1, PIP_TRUSTED_HOST=, SSL_CERT_FILE=/etc/ssl/ca.pem]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-tls-verification-off",
        summary: "variable of an image turns the check of certificates off",
        remedy: "Take the variable out of the Dockerfile; name your own CA.",
        severity: High,
        check: Check::Image(check),
        peers: &[
            "checkov:CKV2_DOCKER_5",
            "checkov:CKV2_DOCKER_6",
            "checkov:CKV2_DOCKER_12",
            "checkov:CKV2_DOCKER_14",
            "checkov:CKV2_DOCKER_16",
        ],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &["https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    for variable in built.image.config.variables() {
        if stops_tls_checks(variable.name, variable.value) {
            let name = cut(variable.name);
            let message = format!(
                "variable `{name}` of image `{}` turns the check of servers' certificates off",
                built.name()
            );
            built.report_config(out, Some(variable.node), message).evidence(name);
        }
    }
}
