use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, rule};

use crate::Check;
use crate::labels::{self, Kind, format};
use crate::subject::{Build, cut};

rule! {
    /// A label that says which commit an image was built from is of use only if it names one:
    /// branches and tags move. `org.opencontainers.image.revision` may hold the name of any version
    /// control system; it is judged where the configuration says that it is of Git.
    ///
    /// Names of seven digits and more are taken, though only those in full are unique for ever.
    /// Values with variables are not judged. The option `labels` names further labels, and the
    /// schema of `dockerfile-label-missing` and `dockerfile-label-superfluous` decides before both:
    /// see there.
    ///
    /// ```config
    /// rules: {dockerfile-label-git-hash: {labels: [org.opencontainers.image.revision]}}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.revision=main
    /// #                                       ^^^^ label `org.opencontainers.image.revision` is no Git commit: `main`
    /// USER 1000
    /// ```
    /// ```config
    /// rules: {dockerfile-label-git-hash: {labels: [org.opencontainers.image.revision]}}
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ARG COMMIT
    /// LABEL org.opencontainers.image.revision=$COMMIT
    /// LABEL org.opencontainers.image.revision=2c26b46b68ffc68ff99b453c1d30413413422d70
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-label-git-hash",
        summary: "label is no Git commit",
        remedy: "Write the output of `git rev-parse HEAD`.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3055"],
        references: &[
            "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
            "https://git-scm.com/docs/git-rev-parse#_specifying_revisions",
        ],
        options: &[RuleOption {
            name: labels::OPTION,
            kind: OptionKind::Words,
            summary: "The labels, `*` for any text, whose values are to be Git commits.",
        }],
    }
}

fn check(build: &Build<'_>, context: &Context, out: &mut Sink<'_>) {
    let labels = labels::of_kind(build, context, RULE.meta.id, Kind::Hash);
    for (label, key, value) in labels {
        if !format::is_git_hash(&value.text) {
            let (key, text) = (cut(key), cut(&value.text));
            let message = format!("label `{key}` is no Git commit: `{text}`");
            label.report(out, value.content, message);
        }
    }
}
