use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::StageSite;

rule! {
    /// Of several `HEALTHCHECK` in one stage only the last has an effect.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// USER 101
    /// HEALTHCHECK CMD ["nginx", "-t"]
    /// ^^^^^^^^^^^ this `HEALTHCHECK` has no effect
    /// HEALTHCHECK CMD ["curl", "-f", "http://localhost:8080/"]
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// USER 101
    /// HEALTHCHECK CMD ["curl", "-f", "http://localhost:8080/"]
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-healthcheck-multiple",
        summary: "a stage has more than one `HEALTHCHECK`",
        remedy: "Keep the last `HEALTHCHECK` of the stage.",
        severity: Medium,
        check: Check::Stage(check),
        peers: &["hadolint:DL3012", "trivy:DS-0023", "buildx:MultipleInstructionsDisallowed"],
        references: &[
            "https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/",
        ],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    for step in stage.overridden(Keyword::Healthcheck) {
        let message = "this `HEALTHCHECK` has no effect: a later one of the stage takes its place";
        step.report(out, step.instruction.keyword_span, message);
    }
}
