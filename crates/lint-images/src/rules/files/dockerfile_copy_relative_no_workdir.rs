use careen_image_model::dockerfile::{BaseKind, Keyword};
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{StageSite, cut};

rule! {
    /// A relative destination starts from `WORKDIR`. Without one in the file it is whatever the
    /// base image set, often `/`, and may be another with its next version. Fine where the base
    /// image promises its `WORKDIR`; saying it again costs nothing. In a stage from `scratch` it
    /// is `/` for certain. The first such copy of a stage is reported.
    ///
    /// ```dockerfile bad
    /// FROM node:24.11.1
    /// COPY package.json .
    /// #                 ^ `COPY` puts files into `.`, relative to what the base image set
    /// COPY src src
    /// FROM node:24.11.1
    /// ADD ["src", "app/src/"]
    /// #           ^^^^^^^^^^ `ADD` puts files into `app/src/`, relative
    /// WORKDIR /srv
    /// COPY src src
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM node:24.11.1 AS base
    /// WORKDIR /srv
    /// FROM base
    /// ARG DESTINATION
    /// COPY package.json .
    /// FROM node:24.11.1
    /// COPY src $DESTINATION/src
    /// COPY src "/srv/src"
    /// ONBUILD COPY . app
    /// FROM scratch
    /// COPY app app
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-copy-relative-no-workdir",
        summary: "files are copied to a relative path without a `WORKDIR`",
        remedy: "Set `WORKDIR` first, or write an absolute destination.",
        severity: Low,
        check: Check::Stage(check),
        peers: &["hadolint:DL3045"],
        references: &["https://docs.docker.com/reference/dockerfile/#workdir"],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let dockerfile = stage.build.dockerfile;
    let below = dockerfile.base_stage(stage.stage);
    let below = below.and_then(|base| base.effective(Keyword::Workdir));
    let from_nothing = dockerfile.root_stage(stage.stage).base_kind == BaseKind::Scratch;
    if below.is_some() || from_nothing {
        return;
    }
    for step in stage.steps().filter(|step| !step.triggered) {
        if step.keyword() == Keyword::Workdir {
            return;
        }
        let Some((_, destination)) = step.sources_and_destination() else { continue };
        let path = destination.text.as_str();
        let absolute_or_unknown = path.is_empty()
            || path.starts_with(['/', '\\', '$', '%'])
            || path.get(1..2) == Some(":");
        if !absolute_or_unknown {
            let keyword = step.keyword().name();
            let path = cut(path);
            let message = format!(
                "`{keyword}` puts files into `{path}`, relative to what the base image set"
            );
            step.report(out, destination.span, message).evidence(path);
            // One `WORKDIR` mends all of the stage.
            return;
        }
    }
}
