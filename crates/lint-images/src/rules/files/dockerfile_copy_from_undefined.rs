use careen_image_model::Word;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::subject::{Step, cut};

rule! {
    /// `--from` names an earlier stage, by name or number, or an image. A stage that comes later,
    /// or a number that no stage has, stops the build. A single word that is no stage is fetched as
    /// an image from Docker Hub: a typing error in the name of a stage brings in the files of a
    /// stranger. Fine if the word is a build context that every build is given; then suppress it
    /// here.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.26.0 AS build
    /// RUN go build -o /server .
    /// FROM nginx:1.29.3
    /// COPY --from=biuld /server /server
    /// #           ^^^^^ `biuld` is no stage: the image `biuld` of Docker Hub is taken
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM golang:1.26.0 AS build
    /// RUN go build -o /server .
    /// FROM nginx:1.29.3
    /// COPY --from=0 /server /server
    /// COPY --from=build /server /server2
    /// COPY --from=busybox:1.37 /bin/busybox /bin/busybox
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-copy-from-undefined",
        summary: "`--from` names no earlier stage",
        remedy: "Name an earlier stage, or the image with its tag.",
        severity: Medium,
        check: Check::Instruction(check),
        confidence: Confidence::High,
        peers: &["hadolint:DL3022", "kics:68a51e22"],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.docker.com/reference/dockerfile/#copy---from"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(stage) = step.stage() else { return };
    // What `ONBUILD` triggers runs among the stages of another file.
    if step.triggered {
        return;
    }
    for word in step.copied_from() {
        let text = word.text.as_str();
        let stages = &step.build.dockerfile.stages;
        let named = |name: &Word| name.is_ignoring_case(text);
        let found = stages.iter().position(|one| one.name.as_ref().is_some_and(named));
        if let Ok(number) = text.parse::<usize>() {
            if number > stage.index {
                let message = format!("there is no stage {number} before this one");
                step.report(out, word.content, message).evidence(cut(text));
            }
        } else if let Some(found) = found {
            if found > stage.index {
                let message = format!("stage `{}` comes later", cut(text));
                step.report(out, word.content, message).evidence(cut(text));
            }
        } else if !text.contains([':', '@', '/', '.']) && text != "scratch" && !text.is_empty() {
            let shown = cut(text);
            let message =
                format!("`{shown}` is no stage: the image `{shown}` of Docker Hub is taken");
            step.report(out, word.content, message).evidence(shown);
        }
    }
}
