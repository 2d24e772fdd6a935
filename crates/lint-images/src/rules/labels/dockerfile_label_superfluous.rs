use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, rule};

use crate::Check;
use crate::labels;
use crate::subject::{Build, cut};

rule! {
    /// Labels that nobody has agreed on are often misspelt ones: the tool that looks for
    /// `com.example.team` does not see `com.example.Team`.
    ///
    /// Says nothing until `careen.yaml` names the labels that images may have, with `*` for any
    /// text, as a list, or with what their values are to be: `text`, `url`, `rfc3339`, `semver`,
    /// `hash`, `spdx` or `email`, which the rules about values then check. Labels that
    /// `dockerfile-label-missing` requires are allowed as well.
    ///
    /// ```config
    /// rules: {dockerfile-label-superfluous: {labels: {com.example.team: text, "org.opencontainers.image.*": ""}}}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.title=shop com.example.tem=shop
    /// #                                         ^^^^^^^^^^^^^^^ label `com.example.tem` is none of those the configuration knows
    /// USER 1000
    /// ```
    /// ```config
    /// rules: {dockerfile-label-superfluous: {labels: [com.example.*]}, dockerfile-label-missing: {labels: [maintainer]}}
    /// ```
    /// ```dockerfile good
    /// FROM golang:1.25.4 AS build
    /// LABEL stage=build
    /// FROM alpine:3.22
    /// LABEL maintainer=shop@example.com com.example.team=shop
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-label-superfluous",
        summary: "a label that the configuration does not know",
        remedy: "Take the label out, correct its name, or add it to the configuration.",
        severity: Info,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3050"],
        references: &["https://docs.docker.com/reference/dockerfile/#label"],
        options: &[RuleOption {
            name: labels::OPTION,
            kind: OptionKind::Map,
            summary: "The labels that images may have, with the kinds of their values; all without it.",
        }],
    }
}

fn check(build: &Build<'_>, context: &Context, out: &mut Sink<'_>) {
    if context.options.map(labels::ALLOWED, labels::OPTION).is_empty() {
        return;
    }
    for label in labels::of(build) {
        let Some(key) = label.key().filter(|key| !labels::is_in_schema(context, key)) else {
            continue;
        };
        let message = format!("label `{}` is none of those the configuration knows", cut(key));
        label.report(out, label.pair.key.content, message);
    }
}
