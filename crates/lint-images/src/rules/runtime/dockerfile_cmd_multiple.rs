use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::StageSite;

rule! {
    /// Of several `CMD` in one stage only the last has an effect. The others mislead whoever reads
    /// the file.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// USER 101
    /// CMD ["nginx", "-t"]
    /// ^^^ this `CMD` has no effect
    /// CMD ["nginx"]
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// USER 101
    /// CMD ["nginx"]
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-cmd-multiple",
        summary: "a stage has more than one `CMD`",
        remedy: "Keep the last `CMD` of the stage.",
        severity: Medium,
        check: Check::Stage(check),
        peers: &[
            "hadolint:DL4003",
            "trivy:DS-0016",
            "buildx:MultipleInstructionsDisallowed",
            "kics:41c195f4",
        ],
        references: &[
            "https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/",
        ],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    for step in stage.overridden(Keyword::Cmd) {
        let message = "this `CMD` has no effect: a later one of the stage takes its place";
        step.report(out, step.instruction.keyword_span, message);
    }
}
