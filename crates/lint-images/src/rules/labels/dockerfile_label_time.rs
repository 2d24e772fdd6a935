use careen_image_model::oci::rfc3339_seconds;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, rule};

use crate::Check;
use crate::labels::{self, Kind};
use crate::subject::{Build, cut};

rule! {
    /// Tools sort images by `org.opencontainers.image.created` and work out their age from it; a
    /// date in another form than RFC 3339 counts as none.
    ///
    /// Values with variables are not judged. The option `labels` names further labels, and the
    /// schema of `dockerfile-label-missing` and `dockerfile-label-superfluous` decides before both:
    /// see there.
    ///
    /// ```config
    /// rules: {dockerfile-label-time: {labels: [com.example.*.until]}}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.created=2026-11-25
    /// #                                      ^^^^^^^^^^ label `org.opencontainers.image.created` is no time as RFC 3339 writes it: `2026-11-25`
    /// LABEL com.example.support.until=2026-02-30T00:00:00Z
    /// #                               ^^^^^^^^^^^^^^^^^^^^ label `com.example.support.until` is no time as RFC 3339 writes it
    /// USER 1000
    /// ```
    /// ```config
    /// rules: {dockerfile-label-time: {labels: [com.example.*.until]}}
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ARG BUILT
    /// LABEL org.opencontainers.image.created="2026-11-25T08:30:00+01:00"
    /// LABEL org.opencontainers.image.created=$BUILT com.example.support.until="2026-11-25T08:30:00.5Z"
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-label-time",
        summary: "label is no time as RFC 3339 writes it",
        remedy: "Write it as `2026-11-25T08:30:00Z`, the output of `date -u +%FT%TZ`.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3053"],
        references: &[
            "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
            "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        ],
        options: &[RuleOption {
            name: labels::OPTION,
            kind: OptionKind::Words,
            summary: "Further labels, `*` for any text, whose values are to be times.",
        }],
    }
}

fn check(build: &Build<'_>, context: &Context, out: &mut Sink<'_>) {
    let labels = labels::of_kind(build, context, RULE.meta.id, Kind::Time);
    for (label, key, value) in labels {
        if rfc3339_seconds(&value.text).is_none() {
            let (key, text) = (cut(key), cut(&value.text));
            let message = format!("label `{key}` is no time as RFC 3339 writes it: `{text}`");
            label.report(out, value.content, message);
        }
    }
}
