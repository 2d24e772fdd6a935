use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::Step;

rule! {
    /// `MAINTAINER` is deprecated: builders warn, and nothing reads it. The label
    /// `org.opencontainers.image.authors` says the same.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// MAINTAINER shop@example.com
    /// ^^^^^^^^^^ `MAINTAINER` is deprecated
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// LABEL org.opencontainers.image.authors=shop@example.com
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-maintainer",
        summary: "`MAINTAINER` is deprecated",
        remedy: "Use the label `org.opencontainers.image.authors`.",
        severity: Info,
        check: Check::Instruction(check),
        peers: &[
            "hadolint:DL4000",
            "trivy:DS-0022",
            "checkov:CKV_DOCKER_6",
            "buildx:MaintainerDeprecated",
            "kics:99614418",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#maintainer-deprecated"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if step.keyword() == Keyword::Maintainer && !step.triggered {
        step.report(out, step.instruction.keyword_span, "`MAINTAINER` is deprecated");
    }
}
