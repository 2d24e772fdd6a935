use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::environment::settings;
use crate::subject::{Call, Step};

rule! {
    /// With `GIT_SSL_NO_VERIFY`, set to anything, and with `http.sslVerify=false`, git takes any
    /// certificate: whoever stands on the way chooses the code that is cloned.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// ENV GIT_SSL_NO_VERIFY=1
    /// #   ^^^^^^^^^^^^^^^^^^^ `GIT_SSL_NO_VERIFY` turns the check of servers' certificates off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// ENV GIT_SSL_CAINFO=/etc/ssl/certs/ca.pem
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-env-git-ssl",
        summary: "git does not check the server's certificate",
        remedy: "Leave it out; name your own CA with `GIT_SSL_CAINFO`.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["checkov:CKV2_DOCKER_14"],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslVerify",
        ],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    for setting in settings(step, "GIT_SSL_NO_VERIFY") {
        let message = "`GIT_SSL_NO_VERIFY` turns the check of servers' certificates off";
        step.report(out, setting.span, message);
    }
    for command in shell::walk(step.commands()) {
        let Some(call) = Call::of(command).filter(|call| call.program() == "git") else {
            continue;
        };
        let mut words = call.arguments.iter();
        while let Some(word) = words.next() {
            let lower = word.text.to_ascii_lowercase();
            let Some((_, rest)) = lower.split_once("sslverify") else { continue };
            let next = || words.as_slice().first().map_or("", |word| word.text.as_str());
            let value = rest.strip_prefix('=').unwrap_or_else(next);
            if matches!(value, "false" | "0" | "no" | "off") {
                let message = "`sslVerify` turns the check of servers' certificates off";
                step.report(out, word.span, message);
            }
        }
    }
}
