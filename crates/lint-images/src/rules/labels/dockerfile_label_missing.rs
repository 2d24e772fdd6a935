use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, rule};

use crate::Check;
use crate::labels::{self, Label};
use crate::subject::{Build, cut};

rule! {
    /// Labels tell what an image is: who answers for it, which commit it was built from, under
    /// which licence it stands. Tools can ask for them only where all images have them.
    ///
    /// Says nothing until `careen.yaml` names the labels that are required, as a list, or with what
    /// their values are to be: `text`, `url`, `rfc3339`, `semver`, `hash`, `spdx` or `email`, which
    /// the rules about values then check. Labels of the final stage count, and those of the stages
    /// it is built on; what a base image sets describes that image. Labels that the build command
    /// sets (`--label`) are not known here.
    ///
    /// ```config
    /// rules: {dockerfile-label-missing: {labels: {maintainer: email, com.example.team: text}}}
    /// ```
    /// ```dockerfile bad
    /// FROM golang:1.25.4 AS build
    /// LABEL com.example.team=shop
    /// FROM alpine:3.22
    /// #    ^^^^^^^^^^^ the final stage has no label `com.example.team`
    /// LABEL maintainer=shop@example.com
    /// USER 1000
    /// ```
    /// ```config
    /// rules: {dockerfile-label-missing: {labels: [maintainer, com.example.team]}}
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22 AS base
    /// LABEL maintainer=shop@example.com
    /// FROM base
    /// ARG TEAM
    /// LABEL com.example.team=$TEAM
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-label-missing",
        summary: "a label that the configuration requires is missing",
        remedy: "Add the label with `LABEL`.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3049"],
        references: &["https://docs.docker.com/reference/dockerfile/#label"],
        options: &[RuleOption {
            name: labels::OPTION,
            kind: OptionKind::Map,
            summary: "The labels that images must have, with the kinds of their values; none without it.",
        }],
    }
}

fn check(build: &Build<'_>, context: &Context, out: &mut Sink<'_>) {
    let required = context.options.map(labels::REQUIRED, labels::OPTION);
    let Some(stage) = build.stages().last().filter(|_| !required.is_empty()) else { return };
    let labels = labels::of(build);
    let own = || labels.iter().filter(|label| !label.step.triggered);
    // A name that a variable makes may be any of them.
    if own().any(|label| label.key().is_none()) {
        return;
    }
    let has = |name: &str| own().filter_map(|label: &Label<'_>| label.key()).any(|key| key == name);
    let missing: Vec<&str> =
        required.iter().map(|(name, _)| name.as_str()).filter(|name| !has(name)).collect();
    let Some(first) = missing.first() else { return };
    let (stage_name, first) = (stage.display(), cut(first));
    let message = match missing.len() - 1 {
        0 => format!("{stage_name} has no label `{first}`"),
        others => format!("{stage_name} has no label `{first}` and lacks {others} more"),
    };
    stage.report(out, stage.stage.base.content, message);
}
