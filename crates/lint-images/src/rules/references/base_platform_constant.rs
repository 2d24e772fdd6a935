use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{StageSite, cut};

rule! {
    /// With a constant `--platform` the image is for that platform whatever the build asks for: on
    /// other nodes it does not start, or runs emulated and slow. `$BUILDPLATFORM` for builder
    /// stages, and nothing for the stage that ships, is right. Fine where the program exists for
    /// one platform only.
    ///
    /// ```dockerfile bad
    /// FROM --platform=linux/amd64 nginx:1.29.3
    /// #               ^^^^^^^^^^^ stage 0 is built for `linux/amd64` only
    /// FROM --platform=linux/amd64 nginx:1.29.3
    /// #               ^^^^^^^^^^^ the final stage is built for `linux/amd64` only
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM --platform=$BUILDPLATFORM golang:1.26 AS build
    /// FROM nginx:1.29.3
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-platform-constant",
        summary: "`FROM` has a constant `--platform`",
        remedy: "Leave `--platform` out, or use `$BUILDPLATFORM` in builder stages.",
        severity: Low,
        check: Check::Stage(check),
        peers: &["hadolint:DL3029", "buildx:FromPlatformFlagConstDisallowed", "kics:b16e8501"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/",
        ],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(platform) = &stage.stage.platform else { return };
    // A stage that is named for its platform is one of several to choose from.
    let text = platform.text.as_str();
    let architecture = text.split('/').nth(1).unwrap_or(text);
    let chosen = stage.stage.name.as_ref().is_some_and(|name| name.text.contains(architecture));
    if platform.literal && !text.contains('$') && !chosen && !stage.is_windows() {
        let message = format!("{} is built for `{}` only", stage.display(), cut(text));
        stage.report(out, platform.content, message);
    }
}
