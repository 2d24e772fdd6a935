use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Confidence, Sink, rule};

use crate::Check;
use crate::subject::{Shell, StageSite};

rule! {
    /// In shell form the program runs below `/bin/sh -c`, which is process 1 and hands no signal
    /// on: the container does not stop when it is told to, and is killed when the grace period is
    /// over, with requests in its hands. With an `ENTRYPOINT` in shell form `CMD` is not heeded at
    /// all. Fine if the last command is `exec program`, or if `SHELL` was set on purpose.
    ///
    /// ```dockerfile bad
    /// FROM node:22.11.0
    /// USER 1000
    /// CMD node server.js
    /// ^^^ `CMD` is in shell form: a shell gets the signals
    /// ```
    /// ```dockerfile good
    /// FROM node:22.11.0
    /// USER 1000
    /// CMD ["node", "server.js"]
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-cmd-shell-form",
        summary: "`CMD` or `ENTRYPOINT` is in shell form",
        remedy: "Write a JSON array: `CMD [\"program\", \"argument\"]`.",
        severity: Medium,
        check: Check::Stage(check),
        confidence: Confidence::High,
        peers: &["hadolint:DL3025", "buildx:JSONArgsRecommended", "kics:b86987e1", "kics:34945ae8"],
        references: &["https://docs.docker.com/reference/build-checks/json-args-recommended/"],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if !stage.is_final() {
        return;
    }
    for keyword in [Keyword::Entrypoint, Keyword::Cmd] {
        let index = stage.stage.effective(keyword);
        let Some(step) = index.and_then(|index| stage.build.step(index)) else { continue };
        let by_default = matches!(step.shell, Shell::Posix { explicit: false, .. });
        if step.instruction.shell().is_none() || !by_default {
            continue;
        }
        let commands = step.instruction.commands(&stage.build.dockerfile.source);
        if commands.last().is_some_and(|last| last.program() == "exec") {
            continue;
        }
        let message = format!("`{}` is in shell form: a shell gets the signals", keyword.name());
        step.report(out, step.instruction.keyword_span, message);
    }
}
