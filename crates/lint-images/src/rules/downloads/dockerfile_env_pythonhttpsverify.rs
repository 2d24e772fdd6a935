use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::environment::settings;
use crate::subject::Step;

rule! {
    /// With `PYTHONHTTPSVERIFY=0` the Pythons that heed it take any certificate, in the build and
    /// in every container.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14.0
    /// ENV PYTHONHTTPSVERIFY=0
    /// #   ^^^^^^^^^^^^^^^^^^^ `PYTHONHTTPSVERIFY` turns the check of servers' certificates off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM python:3.14.0
    /// ENV SSL_CERT_FILE=/etc/ssl/certs/ca.pem
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-env-pythonhttpsverify",
        summary: "`PYTHONHTTPSVERIFY` turns the check of certificates off",
        remedy: "Leave it out; name your own CA with `SSL_CERT_FILE`.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["checkov:CKV2_DOCKER_5"],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &["https://peps.python.org/pep-0493/"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    for setting in settings(step, "PYTHONHTTPSVERIFY").filter(|setting| setting.is_off()) {
        let message = "`PYTHONHTTPSVERIFY` turns the check of servers' certificates off";
        step.report(out, setting.span, message);
    }
}
