use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::CommandSite;

rule! {
    /// A password that is set in a build stands in the history of the image, and is the same in
    /// every container. Services need none: leave the account locked.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN echo "app:hunter2" | chpasswd
    /// #                        ^^^^^^^^ `chpasswd` sets a password that is part of the image
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN useradd --uid 1000 app
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-chpasswd",
        summary: "a password is set in the image",
        remedy: "Leave the account without a password.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_17"],
        security: true,
        cwe: &[259, 798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        references: &["https://docs.docker.com/build/building/secrets/"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call_of(&["chpasswd", "passwd"]) else { return };
    let program = call.program();
    let message = if program == "chpasswd" || call.has("--stdin") || site.reads_pipe() {
        format!("`{program}` sets a password that is part of the image")
    } else if call.has("-d") || call.has("--delete") {
        "`passwd` leaves an account open without a password".to_owned()
    } else {
        return;
    };
    let before = site.at.checked_sub(1).and_then(|at| site.list.get(at));
    let finding = site.report(out, call.name.span, message);
    if let Some(before) = before.filter(|_| site.reads_pipe()) {
        for word in before.arguments().iter().filter(|word| word.literal) {
            finding.secret(word.content);
        }
    }
}
