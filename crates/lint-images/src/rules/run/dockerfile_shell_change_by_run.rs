use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{CommandSite, cut};

rule! {
    /// A `RUN` that puts another program in the place of `/bin/sh` changes the shell of every
    /// script of the system, not only of the build, and an update of the package that owns the
    /// file undoes it. `SHELL` says which shell the following instructions use.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN ln -sf /bin/bash /bin/sh
    /// #                    ^^^^^^^ `ln` replaces `/bin/sh`
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    /// RUN ln -s /usr/bin/python3 /usr/bin/python && cp /bin/sh /srv/sh
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-shell-change-by-run",
        summary: "`RUN` replaces `/bin/sh`",
        remedy: "Use `SHELL`.",
        severity: Low,
        check: Check::Command(check),
        peers: &["hadolint:DL4005", "kics:8a301064"],
        references: &["https://docs.docker.com/reference/dockerfile/#shell"],
    }
}

fn check(command: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = command.call_of(&["ln", "mv", "cp", "install"]) else { return };
    let Some(target) = call.arguments.iter().rev().find(|word| !word.text.starts_with('-')) else {
        return;
    };
    let sources = call.arguments.iter().filter(|word| !word.text.starts_with('-')).count();
    if sources >= 2 && matches!(target.text.as_str(), "/bin/sh" | "/usr/bin/sh") {
        let program = cut(call.program());
        let message = format!("`{program}` replaces `{}`", target.text);
        command.report(out, target.span, message).evidence(program);
    }
}
