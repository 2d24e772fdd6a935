use careen_image_model::shell::{Command, Separator};
use careen_model::Context;
use careen_rule::{Severity, Sink, rule};

use crate::Check;
use crate::subject::Step;

rule! {
    /// Each `RUN` starts in `WORKDIR`: a `cd` at its end has no effect at all, and the next step
    /// runs somewhere else than it looks. One at its start works, but `WORKDIR` says it where
    /// readers, and the program in the container, look for it; that is reported as information
    /// only.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN cd /srv
    /// #   ^^ `cd` has no effect on the next step
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// WORKDIR /srv
    /// RUN make && (cd docs && make)
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-run-cd",
        summary: "`RUN cd` where `WORKDIR` belongs",
        remedy: "Use `WORKDIR`.",
        severity: Low,
        check: Check::Instruction(check),
        peers: &["hadolint:DL3003", "trivy:DS-0013", "kics:f4a6bcd3"],
        references: &["https://docs.docker.com/build/building/best-practices/#workdir"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    let is_cd = |command: &Command| command.program() == "cd" && command.group == 0;
    let (Some(first), Some(last)) = (step.commands().first(), step.commands().last()) else {
        return;
    };
    if let Some(name) = last.name().filter(|_| is_cd(last)) {
        step.report(out, name.span, "`cd` has no effect on the next step");
        return;
    }
    let times = step.commands().iter().filter(|command| command.program() == "cd").count();
    let target = first.arguments().first();
    let absolute = target.is_some_and(|word| word.literal && word.text.starts_with('/'));
    if let Some(name) = first.name()
        && is_cd(first)
        && times == 1
        && absolute
        && first.after == Separator::And
    {
        let message = "`cd` at the start of a step, where `WORKDIR` belongs";
        step.report(out, name.span, message).severity(Severity::Info);
    }
}
