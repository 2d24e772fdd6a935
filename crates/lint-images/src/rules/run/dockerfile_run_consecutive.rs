use careen_image_model::dockerfile::{Instruction, Keyword};
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{StageSite, Step};

rule! {
    /// Every `RUN`, `COPY` and `ADD` makes a layer. Neighbours that belong together are smaller in
    /// one: what one writes and the next deletes is in no layer then. Often it is right to keep
    /// them apart, so that the first stays in the build cache when the second changes, which is why
    /// this rule is off unless asked for. Stages that do not ship are not judged.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN make
    /// RUN make install
    /// ^^^ `RUN` follows another one that it could be joined with
    /// COPY a.conf /etc/app/
    /// COPY b.conf /etc/app/
    /// ^^^^ `COPY` follows another one that it could be joined with
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2 AS build
    /// RUN make
    /// RUN make install
    /// FROM debian:13.2
    /// RUN make
    /// RUN --mount=type=cache,target=/c make install
    /// COPY a.conf /etc/app/
    /// COPY b.conf /etc/other/
    /// COPY --chmod=0555 run.sh /etc/other/
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-run-consecutive",
        summary: "neighbouring instructions could be one layer",
        remedy: "Join the two.",
        severity: Info,
        check: Check::Stage(check),
        peers: &["hadolint:DL3059", "kics:0008c003"],
        default: false,
        references: &["https://docs.docker.com/build/building/best-practices/#run"],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut before: Option<Step<'_>> = None;
    for step in stage.steps() {
        let joins = before.is_some_and(|before| joins(before, step));
        if joins && step.ships() {
            let keyword = step.keyword().name();
            let message = format!("`{keyword}` follows another one that it could be joined with");
            step.report(out, step.instruction.keyword_span, message).evidence(keyword);
        }
        before = (!step.triggered).then_some(step);
    }
}

fn joins(before: Step<'_>, step: Step<'_>) -> bool {
    let (one, other) = (before.instruction, step.instruction);
    if step.triggered || one.keyword != other.keyword || one.is_json() != other.is_json() {
        return false;
    }
    if !same_flags(before, one, other) {
        return false;
    }
    match step.keyword() {
        Keyword::Run => !one.is_json(),
        Keyword::Copy | Keyword::Add => {
            let folder = |step: Step<'_>| {
                let (_, destination) = step.sources_and_destination()?;
                let text = destination.text.as_str();
                (text.ends_with('/') || text == ".").then(|| text.to_owned())
            };
            folder(before).is_some() && folder(before) == folder(step)
        }
        _ => false,
    }
}

fn same_flags(step: Step<'_>, one: &Instruction, other: &Instruction) -> bool {
    let source = &step.build.dockerfile.source;
    let text = |index: usize, of: &Instruction| {
        of.flags.get(index).map(|flag| source.slice(flag.span).to_owned())
    };
    one.flags.len() == other.flags.len()
        && (0..one.flags.len()).all(|index| text(index, one) == text(index, other))
}
