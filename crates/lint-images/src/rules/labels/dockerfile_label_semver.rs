use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, rule};

use crate::Check;
use crate::labels::{self, Kind, format};
use crate::subject::{Build, cut};

rule! {
    /// Tools that compare versions, such as those that propose updates, need them in one form:
    /// `1.4.0`, `1.4.0-rc.1`, without a `v` in front and with all three numbers.
    /// `org.opencontainers.image.version` may be of any form; it is judged where the configuration
    /// says so.
    ///
    /// Values with variables are not judged. The option `labels` names further labels, and the
    /// schema of `dockerfile-label-missing` and `dockerfile-label-superfluous` decides before both:
    /// see there.
    ///
    /// ```config
    /// rules: {dockerfile-label-semver: {labels: [org.opencontainers.image.version]}}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.version="v1.4"
    /// #                                       ^^^^ label `org.opencontainers.image.version` is no semantic version: `v1.4`
    /// USER 1000
    /// ```
    /// ```config
    /// rules: {dockerfile-label-semver: {labels: [org.opencontainers.image.version]}}
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ARG VERSION=v1
    /// LABEL org.opencontainers.image.version=$VERSION
    /// LABEL org.opencontainers.image.version=1.4.0-rc.1+2026
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-label-semver",
        summary: "label is no semantic version",
        remedy: "Write it as `1.4.0` or `1.4.0-rc.1`.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3056"],
        references: &["https://semver.org/spec/v2.0.0.html"],
        options: &[RuleOption {
            name: labels::OPTION,
            kind: OptionKind::Words,
            summary: "The labels, `*` for any text, whose values are to be semantic versions.",
        }],
    }
}

fn check(build: &Build<'_>, context: &Context, out: &mut Sink<'_>) {
    let labels = labels::of_kind(build, context, RULE.meta.id, Kind::Semver);
    for (label, key, value) in labels {
        if !format::is_semver(&value.text) {
            let (key, text) = (cut(key), cut(&value.text));
            let message = format!("label `{key}` is no semantic version: `{text}`");
            label.report(out, value.content, message);
        }
    }
}
