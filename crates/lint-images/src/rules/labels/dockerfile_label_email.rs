use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, rule};

use crate::Check;
use crate::labels::{self, Kind, format};
use crate::subject::{Build, cut};

rule! {
    /// A label that tells whom to write when the image misbehaves is of use only if mail arrives
    /// there. Which labels hold an address the configuration says:
    /// `org.opencontainers.image.authors` may hold any contact.
    ///
    /// Values with variables are not judged. The option `labels` names further labels, and the
    /// schema of `dockerfile-label-missing` and `dockerfile-label-superfluous` decides before both:
    /// see there.
    ///
    /// ```config
    /// rules: {dockerfile-label-email: {labels: [maintainer]}}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// LABEL maintainer="Jane of example.com"
    /// #                 ^^^^^^^^^^^^^^^^^^^ label `maintainer` is no e-mail address: `Jane of example.com`
    /// USER 1000
    /// ```
    /// ```config
    /// rules: {dockerfile-label-email: {labels: [maintainer]}}
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// LABEL maintainer=shop@example.com
    /// LABEL org.opencontainers.image.authors="Jane <jane@example.com>"
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-label-email",
        summary: "label is no e-mail address",
        remedy: "Write the address alone: `team@example.com`.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3058"],
        references: &["https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2"],
        options: &[RuleOption {
            name: labels::OPTION,
            kind: OptionKind::Words,
            summary: "The labels, `*` for any text, whose values are to be e-mail addresses.",
        }],
    }
}

fn check(build: &Build<'_>, context: &Context, out: &mut Sink<'_>) {
    let labels = labels::of_kind(build, context, RULE.meta.id, Kind::Email);
    for (label, key, value) in labels {
        if !format::is_email(&value.text) {
            let (key, text) = (cut(key), cut(&value.text));
            let message = format!("label `{key}` is no e-mail address: `{text}`");
            label.report(out, value.content, message);
        }
    }
}
