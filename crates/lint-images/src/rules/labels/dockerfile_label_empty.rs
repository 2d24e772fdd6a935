use careen_image_model::dockerfile::BaseKind;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::labels;
use crate::subject::{Build, cut};

rule! {
    /// A label without a value says no more than none: a required one is as good as missing.
    ///
    /// An empty value also hides a label of the base image, as there is no other way to take it
    /// away. So only the labels that `dockerfile-label-missing` and `dockerfile-label-superfluous`
    /// name are judged, and all labels of images from `scratch`.
    ///
    /// ```config
    /// rules: {dockerfile-label-missing: {labels: [maintainer]}}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// LABEL maintainer="" org.opencontainers.image.version=
    /// #     ^^^^^^^^^^ label `maintainer` is empty
    /// USER 1000
    /// ```
    /// ```dockerfile bad
    /// FROM scratch
    /// LABEL org.opencontainers.image.title="  "
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ label `org.opencontainers.image.title` is empty
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM ubuntu:24.04
    /// ARG VERSION
    /// LABEL org.opencontainers.image.version="" com.example.version=$VERSION maintainer=""
    /// LABEL maintainer=shop@example.com
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-label-empty",
        summary: "a label is empty",
        remedy: "Give the label a value, or take it out.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3051"],
        references: &["https://docs.docker.com/reference/dockerfile/#label"],
    }
}

fn check(build: &Build<'_>, context: &Context, out: &mut Sink<'_>) {
    let is_from_scratch = build.stages().last().is_some_and(|stage| {
        build.dockerfile.root_stage(stage.stage).base_kind == BaseKind::Scratch
    });
    for label in labels::of(build) {
        let (Some(key), Some(value)) = (label.key(), label.value()) else { continue };
        let is_judged = is_from_scratch || labels::is_in_schema(context, key);
        if is_judged && value.text.trim().is_empty() {
            let message = format!("label `{}` is empty", cut(key));
            label.report(out, label.pair.key.content, message);
        }
    }
}
