use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, rule};

use crate::Check;
use crate::subject::{StageSite, cut};

rule! {
    /// Names of stages are compared without regard to case, so `Build` and `build` are one stage
    /// that reads like two. Lower case tells them from instructions and variables.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2 AS Build
    /// #                   ^^^^^ the name of stage `Build` is not in lower case
    /// FROM debian:13.2
    /// COPY --from=build /a /a
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2 AS build-1
    /// FROM debian:13.2
    /// COPY --from=build-1 /a /a
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-stage-name-case",
        summary: "the name of a stage is not in lower case",
        remedy: "Write the name in lower case.",
        severity: Info,
        check: Check::Stage(check),
        peers: &["buildx:StageNameCasing"],
        default: false,
        references: &["https://docs.docker.com/reference/build-checks/stage-name-casing/"],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(name) = &stage.stage.name else { return };
    if !name.text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return;
    }
    let message = format!("the name of stage `{}` is not in lower case", cut(&name.text));
    // Whoever refers to it is not in need of the same change.
    let edit = Edit { span: name.content, text: name.text.to_ascii_lowercase() };
    stage.report(out, name.content, message).fix(
        "Write it in lower case",
        Safety::Safe,
        vec![edit],
    );
}
