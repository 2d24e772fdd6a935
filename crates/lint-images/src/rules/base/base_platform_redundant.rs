use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, control, rule};

use crate::Check;
use crate::subject::StageSite;

rule! {
    /// `$TARGETPLATFORM` is what `FROM` takes without being told. Written out it makes readers
    /// look for a reason, and fails where the builder does not set it.
    ///
    /// ```dockerfile bad
    /// FROM --platform=$TARGETPLATFORM nginx:1.29.3
    /// #    ^^^^^^^^^^^^^^^^^^^^^^^^^^ the final stage is built for `$TARGETPLATFORM`, as it would be anyway
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// ARG TARGETPLATFORM=linux/amd64
    /// FROM --platform=$BUILDPLATFORM golang:1.27 AS build
    /// FROM --platform=$TARGETPLATFORM debian:trixie AS other
    /// FROM nginx:1.29.3
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-platform-redundant",
        summary: "`FROM` has `--platform=$TARGETPLATFORM`",
        remedy: "Leave `--platform` out.",
        severity: Info,
        check: Check::Stage(check),
        peers: &["hadolint:DL3065", "buildx:RedundantTargetPlatform"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/reference/build-checks/redundant-target-platform/",
        ],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(from) = stage.steps().next() else { return };
    let Some(flag) = from.instruction.flag("platform") else { return };
    let value = flag.value.as_ref().map_or("", |value| value.text.as_str());
    let redundant = matches!(value, "$TARGETPLATFORM" | "${TARGETPLATFORM}");
    // An argument of the file's own may say something else.
    if !redundant || stage.build.declares("TARGETPLATFORM") {
        return;
    }
    let name = stage.display();
    let message = format!("{name} is built for `$TARGETPLATFORM`, as it would be anyway");
    let text = out.source().text();
    let after = text.get(flag.span.end as usize..).unwrap_or_default();
    let blank = after.starts_with([' ', '\t']);
    let mut cut = flag.span;
    cut.end += u32::from(blank);
    let finding = stage.report(out, flag.span, message);
    if blank {
        let edit = Edit { span: cut, text: String::new() };
        finding.fix("Leave `--platform` out", Safety::Safe, vec![edit]);
    }
}
