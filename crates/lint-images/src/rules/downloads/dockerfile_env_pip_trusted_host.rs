use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::environment::settings;
use crate::subject::Step;

rule! {
    /// pip checks no certificate of a trusted host, and takes plain `http` from it. As a variable
    /// this holds for every `pip` in the build and in every container.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14.0
    /// ENV PIP_TRUSTED_HOST=pypi.example.com
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `PIP_TRUSTED_HOST` turns the check of servers' certificates off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM python:3.14.0
    /// ENV PIP_CERT=/etc/ssl/certs/ca.pem
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-env-pip-trusted-host",
        summary: "`PIP_TRUSTED_HOST` turns the check of certificates off",
        remedy: "Leave it out; name your own CA with `PIP_CERT`.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["checkov:CKV2_DOCKER_16"],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &["https://pip.pypa.io/en/stable/cli/pip/#cmdoption-trusted-host"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    for setting in settings(step, "PIP_TRUSTED_HOST").filter(|setting| !setting.value.is_empty()) {
        let message = "`PIP_TRUSTED_HOST` turns the check of servers' certificates off";
        step.report(out, setting.span, message);
    }
}
