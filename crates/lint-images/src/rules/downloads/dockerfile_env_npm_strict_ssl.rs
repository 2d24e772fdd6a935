use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::environment::settings;
use crate::subject::Step;

rule! {
    /// With `NPM_CONFIG_STRICT_SSL=false` npm takes any certificate from the registry: whoever
    /// stands on the way chooses the code that is installed.
    ///
    /// ```dockerfile bad
    /// FROM node:22.11.0
    /// ENV NPM_CONFIG_STRICT_SSL=false
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `NPM_CONFIG_STRICT_SSL` turns the check of servers' certificates off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM node:22.11.0
    /// ENV NPM_CONFIG_CAFILE=/etc/ssl/certs/ca.pem
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-env-npm-strict-ssl",
        summary: "`NPM_CONFIG_STRICT_SSL` turns the check of certificates off",
        remedy: "Leave it out; name your own CA with `NPM_CONFIG_CAFILE`.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["checkov:CKV2_DOCKER_12"],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.npmjs.com/cli/using-npm/config#strict-ssl"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    for setting in settings(step, "NPM_CONFIG_STRICT_SSL").filter(|setting| setting.is_off()) {
        let message = "`NPM_CONFIG_STRICT_SSL` turns the check of servers' certificates off";
        step.report(out, setting.span, message);
    }
}
