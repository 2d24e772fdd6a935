use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Confidence, Sink, rule};

use crate::Check;
use crate::subject::{Build, Step, cut};
use crate::variables::{Definitions, references};

rule! {
    /// All values of one `ENV` are filled in before any of its variables is set: in `ENV A=/srv
    /// B=$A/bin` the builder takes the `A` of before, and where there was none, `B` is `/bin`. Set
    /// `A` in an `ENV` of its own. A variable that is set further up is used as it was there, and
    /// not judged; nor is one that adds to itself, as `ENV PATH=/srv/bin:$PATH` does.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// ENV APP_HOME=/srv \
    ///     APP_BIN=$APP_HOME/bin
    /// #           ^^^^^^^^^ `APP_BIN` uses `APP_HOME`, which the same `ENV` sets: it has the value of before
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2 AS base
    /// ENV APP_HOME=/srv
    /// FROM base
    /// ENV APP_BIN=$APP_HOME/bin PATH=/srv/bin:$PATH OTHER=${PATH}
    /// ENV APP_HOME=/opt APP_LIB=$APP_HOME/lib
    /// ENV EXTRA="$EXTRA -v" NONE='$EXTRA' SOME=${EXTRA:-none}
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-env-self-reference",
        summary: "`ENV` uses a variable that it sets itself",
        remedy: "Set the variable in an `ENV` of its own, above.",
        severity: Medium,
        check: Check::Dockerfile(check),
        confidence: Confidence::Medium,
        peers: &["hadolint:DL3044"],
        references: &["https://docs.docker.com/reference/dockerfile/#environment-replacement"],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    if !build.dockerfile.source.text().contains('$') {
        return;
    }
    let definitions = Definitions::of(build);
    for step in build.steps().filter(|step| step.keyword() == Keyword::Env && !step.triggered) {
        check_env(step, &definitions, out);
    }
}

fn check_env(step: Step<'_>, definitions: &Definitions<'_>, out: &mut Sink<'_>) {
    let Some(stage) = step.instruction.stage else { return };
    let pairs = step.instruction.pairs();
    if pairs.len() < 2 {
        return;
    }
    let dockerfile = step.build.dockerfile;
    for pair in pairs {
        let Some(value) = &pair.value else { continue };
        for reference in references(&dockerfile.source, value.span, dockerfile.escape, true) {
            let own = definitions.in_stage(reference.name, stage);
            let here = own.is_some_and(|own| own.index == step.index && own.is_env);
            let known = reference.guarded
                || reference.name == "PATH"
                || reference.name == pair.key.text
                || definitions.is_set(reference.name, stage, step.index);
            if here && !known {
                let (name, used) = (cut(&pair.key.text), cut(reference.name));
                let message = format!(
                    "`{name}` uses `{used}`, which the same `ENV` sets: it has the value of before"
                );
                step.report(out, reference.span, message).evidence(name);
            }
        }
    }
}
