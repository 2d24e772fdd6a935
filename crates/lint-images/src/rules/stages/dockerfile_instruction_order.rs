use careen_image_model::dockerfile::ProblemKind;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::Build;

rule! {
    /// Only `ARG` may stand in front of the first `FROM`: everything else belongs to a stage, and
    /// there is none yet. The build stops.
    ///
    /// ```dockerfile bad
    /// ENV A=1
    /// ^^^ `ENV` stands before `FROM`
    /// FROM nginx:1.29.3
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// ARG VERSION=1.29.3
    /// FROM nginx:${VERSION}
    /// ENV A=1
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-instruction-order",
        summary: "an instruction stands before the first `FROM`",
        remedy: "Move the instruction behind `FROM`.",
        severity: High,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3061"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://docs.docker.com/reference/dockerfile/#from"],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    // Without any `FROM` that is what is wrong, see `dockerfile-parse-error`.
    if build.dockerfile.stages.is_empty() {
        return;
    }
    let problems = build.dockerfile.problems.iter();
    for problem in problems.filter(|problem| problem.kind == ProblemKind::BeforeFrom) {
        let finding = out.report(problem.span, problem.message.clone());
        finding.object(build.object(None)).evidence(problem.message.clone());
    }
}
