use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::StageSite;

rule! {
    /// Of several `ENTRYPOINT` in one stage only the last has an effect. The program that the first
    /// one names never runs.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// USER 101
    /// ENTRYPOINT ["/init"]
    /// ^^^^^^^^^^ this `ENTRYPOINT` has no effect
    /// ENTRYPOINT ["nginx"]
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// USER 101
    /// ENTRYPOINT ["nginx"]
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-entrypoint-multiple",
        summary: "a stage has more than one `ENTRYPOINT`",
        remedy: "Keep the last `ENTRYPOINT` of the stage.",
        severity: High,
        check: Check::Stage(check),
        peers: &[
            "hadolint:DL4004",
            "trivy:DS-0007",
            "buildx:MultipleInstructionsDisallowed",
            "kics:6938958b",
        ],
        references: &[
            "https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/",
        ],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    for step in stage.overridden(Keyword::Entrypoint) {
        let message = "this `ENTRYPOINT` has no effect: a later one of the stage takes its place";
        step.report(out, step.instruction.keyword_span, message);
    }
}
