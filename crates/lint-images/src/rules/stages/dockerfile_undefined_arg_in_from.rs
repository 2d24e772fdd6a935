use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{StageSite, cut};

rule! {
    /// `FROM` sees only what an `ARG` in front of the first `FROM` declares, and the platform
    /// arguments. Any other variable is empty, whatever `--build-arg` says: mostly a typing error,
    /// or an `ARG` that stands inside a stage.
    ///
    /// ```dockerfile bad
    /// ARG NGINX_VERSION=1.29.3
    /// FROM nginx:${NGINX_VERSON}
    /// #    ^^^^^^^^^^^^^^^^^^^^^ `NGINX_VERSON` is not declared before the first `FROM`
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// ARG NGINX_VERSION=1.29.3
    /// FROM nginx:${NGINX_VERSION}
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-undefined-arg-in-from",
        summary: "`FROM` uses an argument that is not declared",
        remedy: "Declare the argument with `ARG` in front of the first `FROM`.",
        severity: High,
        check: Check::Stage(check),
        peers: &["buildx:UndefinedArgInFrom"],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.docker.com/reference/build-checks/undefined-arg-in-from/"],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    for name in stage.unset_arguments() {
        if !stage.build.declares(name) {
            let shown = cut(name);
            let message = format!("`{shown}` is not declared before the first `FROM`");
            stage.report(out, stage.stage.base.content, message).evidence(shown);
        }
    }
}
