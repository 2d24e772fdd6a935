use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{StageSite, cut};

rule! {
    /// Without `--build-arg` the base is empty and the build stops. A default makes the file build
    /// as it stands, and says which base it was tested with. Fine where the base must be chosen on
    /// purpose.
    ///
    /// ```dockerfile bad
    /// ARG VERSION
    /// FROM nginx:${VERSION}
    /// #    ^^^^^^^^^^^^^^^^ `VERSION` has no default
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// ARG VERSION=1.29.3
    /// FROM nginx:${VERSION}
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-arg-from-no-default",
        summary: "an argument in `FROM` has no default",
        remedy: "Give the `ARG` a default.",
        severity: Info,
        check: Check::Stage(check),
        peers: &["buildx:InvalidDefaultArgInFrom"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/",
        ],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    for name in stage.unset_arguments() {
        if stage.build.declares(name) {
            let shown = cut(name);
            let message = format!("`{shown}` has no default: without it there is no base");
            stage.report(out, stage.stage.base.content, message).evidence(shown);
        }
    }
}
