use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, rule};

use crate::Check;
use crate::labels::spdx::{self, Problem};
use crate::labels::{self, Kind};
use crate::subject::{Build, cut};

rule! {
    /// Scanners that check licences read `org.opencontainers.image.licenses` as an SPDX expression:
    /// identifiers of the SPDX list, joined by `AND`, `OR` and `WITH`. With `GPLv3`, `Apache 2.0`
    /// or a comma they know nothing, or the wrong thing. Terms of your own are `LicenseRef-Name`.
    ///
    /// The form of the expression is checked, and usual names that are no identifiers; whether an
    /// identifier is on the list is not. Values with variables are not judged. The option `labels`
    /// names further labels, and the schema of `dockerfile-label-missing` and `dockerfile-label-
    /// superfluous` decides before both: see there.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.licenses="MIT OR GPLv3"
    /// #                                        ^^^^^^^^^^^^ label `org.opencontainers.image.licenses` is no SPDX expression: `GPLv3` is no identifier (meant may be GPL-3.0-only or GPL-3.0-or-later)
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.licenses="(MIT OR Apache-2.0) AND GPL-2.0-only WITH Classpath-exception-2.0"
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-label-spdx",
        summary: "label is no SPDX expression",
        remedy: "Write identifiers of the SPDX list, joined by `AND` and `OR`.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3054"],
        references: &[
            "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
            "https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/",
        ],
        options: &[RuleOption {
            name: labels::OPTION,
            kind: OptionKind::Words,
            summary: "Further labels, `*` for any text, whose values are to be SPDX expressions.",
        }],
    }
}

fn check(build: &Build<'_>, context: &Context, out: &mut Sink<'_>) {
    let labels = labels::of_kind(build, context, RULE.meta.id, Kind::Spdx);
    for (label, key, value) in labels {
        let Some(problem) = spdx::problem(&value.text) else { continue };
        let what = match problem {
            Problem::Name(name, meant) => {
                format!("`{}` is no identifier (meant may be {meant})", cut(name))
            }
            Problem::Word(word) => format!("`{}` is no identifier", cut(word)),
            Problem::Grammar => format!("`{}` is not well-formed", cut(&value.text)),
        };
        let message = format!("label `{}` is no SPDX expression: {what}", cut(key));
        label.report(out, value.content, message);
    }
}
