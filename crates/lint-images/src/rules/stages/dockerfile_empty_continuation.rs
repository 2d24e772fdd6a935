use careen_image_model::dockerfile::ProblemKind;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::Build;

rule! {
    /// A blank line inside a continued instruction looks like its end and is none: what follows
    /// still belongs to it. Builders warn, and will refuse it one day.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// RUN nginx -t \
    ///
    /// ^ a blank line stands inside of an instruction
    ///   && nginx -V
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// RUN nginx -t \
    ///   # The version, for the log.
    ///   && nginx -V
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-empty-continuation",
        summary: "a blank line stands inside a continued instruction",
        remedy: "Remove the blank line, or make it a comment.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &["buildx:NoEmptyContinuation"],
        references: &["https://docs.docker.com/reference/build-checks/no-empty-continuation/"],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    let problems = build.dockerfile.problems.iter();
    for problem in problems.filter(|problem| problem.kind == ProblemKind::EmptyContinuation) {
        let finding = out.report(problem.span, problem.message.clone());
        finding.object(build.object(None)).evidence(problem.message.clone());
    }
}
