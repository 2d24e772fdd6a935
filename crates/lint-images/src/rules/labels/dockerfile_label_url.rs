use std::fmt::Write as _;

use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, rule};

use crate::Check;
use crate::labels::{self, Kind, format};
use crate::subject::{Build, cut};

rule! {
    /// Registries and catalogues make links of `org.opencontainers.image.url`, `.source` and
    /// `.documentation`, and tools that look for the repository of an image clone from `.source`: a
    /// value without a scheme, or in the form `git@host:path`, leads nowhere.
    ///
    /// Values with variables are not judged. The option `labels` names further labels, and the
    /// schema of `dockerfile-label-missing` and `dockerfile-label-superfluous` decides before both:
    /// see there.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.source=git@github.com:example/shop.git
    /// #                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ label `org.opencontainers.image.source` is no URL: `git@github.com:example/shop.git`
    /// LABEL org.opencontainers.image.url="example.com/shop" org.opencontainers.image.title=shop
    /// #                                   ^^^^^^^^^^^^^^^^ label `org.opencontainers.image.url` is no URL
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ARG DOCS
    /// LABEL org.opencontainers.image.source=https://github.com/example/shop \
    ///       org.opencontainers.image.documentation=$DOCS \
    ///       com.example.team="git@github.com"
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-label-url",
        summary: "label is no URL",
        remedy: "Write the address with its scheme, such as `https://`.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3052"],
        references: &[
            "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
            "https://www.rfc-editor.org/rfc/rfc3986",
        ],
        options: &[RuleOption {
            name: labels::OPTION,
            kind: OptionKind::Words,
            summary: "Further labels, `*` for any text, whose values are to be URLs.",
        }],
    }
}

fn check(build: &Build<'_>, context: &Context, out: &mut Sink<'_>) {
    let labels = labels::of_kind(build, context, RULE.meta.id, Kind::Url);
    for (label, key, value) in labels {
        if format::is_url(&value.text) {
            continue;
        }
        let mut message = format!("label `{}` is no URL", cut(key));
        // What stands in front of a host may be a password.
        let user = value.text.split_once('@').map_or("", |(user, _)| user);
        if !user.contains(':') {
            let _ = write!(message, ": `{}`", cut(&value.text));
        }
        label.report(out, value.content, message);
    }
}
