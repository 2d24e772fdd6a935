use careen_image_model::dockerfile::ProblemKind;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::Build;

rule! {
    /// `ONBUILD` may trigger neither `FROM`, `MAINTAINER` nor another `ONBUILD`: the build stops.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// ONBUILD FROM alpine:3.22
    /// #       ^^^^ `ONBUILD` may not trigger `FROM`
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// ONBUILD COPY html /usr/share/nginx/html/
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-onbuild-forbidden",
        summary: "`ONBUILD` triggers what it may not",
        remedy: "Leave the instruction out.",
        severity: High,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3043"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://docs.docker.com/reference/dockerfile/#onbuild"],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    let problems = build.dockerfile.problems.iter();
    for problem in problems.filter(|problem| problem.kind == ProblemKind::Onbuild) {
        let finding = out.report(problem.span, problem.message.clone());
        finding.object(build.object(None)).evidence(problem.message.clone());
    }
}
