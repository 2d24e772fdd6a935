use careen_image_model::Word;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{Step, cut};

rule! {
    /// A stage cannot copy from itself: what it copies from must be finished. The build stops.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3 AS web
    /// COPY --from=web /etc/nginx /backup
    /// #           ^^^ stage `web` copies from itself
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3 AS web
    /// FROM web
    /// COPY --from=web /etc/nginx /backup
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-copy-from-self",
        summary: "`COPY --from` names its own stage",
        remedy: "Name another stage, or copy inside of the stage with `RUN cp`.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["hadolint:DL3023", "trivy:DS-0006", "kics:cdddb86f"],
        references: &["https://docs.docker.com/reference/dockerfile/#copy---from"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(stage) = step.stage().filter(|_| !step.triggered) else { return };
    for word in step.copied_from() {
        let number = word.text.parse() == Ok(stage.index);
        let own = |name: &Word| name.is_ignoring_case(&word.text);
        // An earlier stage of the same name is taken first.
        let mut earlier = step.build.dockerfile.stages.iter().take(stage.index);
        let shadowed = earlier.any(|one| one.name.as_ref().is_some_and(own));
        if number || (stage.stage.name.as_ref().is_some_and(own) && !shadowed) {
            let message = format!("{} copies from itself", stage.display());
            step.report(out, word.content, message).evidence(cut(&word.text));
        }
    }
}
