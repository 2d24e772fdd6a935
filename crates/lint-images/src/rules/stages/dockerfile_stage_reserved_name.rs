use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::StageSite;

rule! {
    /// `scratch` and `context` mean something already: a stage of that name cannot be referred to,
    /// or hides what is meant.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.26.0 AS scratch
    /// #                     ^^^^^^^ `scratch` is reserved
    /// FROM nginx:1.29.3
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM golang:1.26.0 AS build
    /// FROM nginx:1.29.3
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-stage-reserved-name",
        summary: "a stage has a reserved name",
        remedy: "Give the stage another name.",
        severity: Medium,
        check: Check::Stage(check),
        peers: &["hadolint:DL3063", "buildx:ReservedStageName"],
        references: &["https://docs.docker.com/reference/build-checks/reserved-stage-name/"],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(name) = &stage.stage.name else { return };
    if ["scratch", "context"].iter().any(|reserved| name.is_ignoring_case(reserved)) {
        let message = format!("`{}` is reserved and cannot name a stage", name.text);
        stage.report(out, name.span, message);
    }
}
