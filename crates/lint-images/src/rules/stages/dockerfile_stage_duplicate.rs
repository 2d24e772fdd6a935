use careen_image_model::dockerfile::ProblemKind;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::Build;

rule! {
    /// Two stages have one name. What says `--from` or `FROM` with it means one of them, and which
    /// one depends on where it stands.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.26.0 AS build
    /// FROM node:22.11.0 AS build
    /// #                    ^^^^^ there are two stages with the name `build`
    /// FROM nginx:1.29.3
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM golang:1.26.0 AS server
    /// FROM node:22.11.0 AS page
    /// FROM nginx:1.29.3
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-stage-duplicate",
        summary: "two stages have the same name",
        remedy: "Give each stage a name of its own.",
        severity: High,
        check: Check::Dockerfile(check),
        peers: &[
            "hadolint:DL3024",
            "trivy:DS-0012",
            "checkov:CKV_DOCKER_11",
            "buildx:DuplicateStageName",
            "kics:f2daed12",
        ],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://docs.docker.com/reference/build-checks/duplicate-stage-name/"],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    let problems = build.dockerfile.problems.iter();
    for problem in problems.filter(|problem| problem.kind == ProblemKind::DuplicateStage) {
        let finding = out.report(problem.span, problem.message.clone());
        finding.object(build.object(None)).evidence(problem.message.clone());
    }
}
