use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::environment::settings;
use crate::subject::Step;

rule! {
    /// With `NODE_TLS_REJECT_UNAUTHORIZED=0` Node.js takes any certificate for every connection it
    /// makes, in the build and in every container: to the database, to the payment service, to all.
    ///
    /// ```dockerfile bad
    /// FROM node:22.11.0
    /// ENV NODE_TLS_REJECT_UNAUTHORIZED=0
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `NODE_TLS_REJECT_UNAUTHORIZED` turns the check of servers' certificates off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM node:22.11.0
    /// ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca.pem
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-env-node-tls",
        summary: "`NODE_TLS_REJECT_UNAUTHORIZED` turns the check of certificates off",
        remedy: "Leave it out; name your own CA with `NODE_EXTRA_CA_CERTS`.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["checkov:CKV2_DOCKER_6"],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &["https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    for setting in settings(step, "NODE_TLS_REJECT_UNAUTHORIZED").filter(|setting| setting.is_off())
    {
        let message = "`NODE_TLS_REJECT_UNAUTHORIZED` turns the check of servers' certificates off";
        step.report(out, setting.span, message);
    }
}
