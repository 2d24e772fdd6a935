use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::StageSite;

rule! {
    /// Docker and Compose learn only from `HEALTHCHECK` that a program hangs. Kubernetes does not
    /// look at it: there, probes in the manifest do this, and the rule is off by default.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// #    ^^^^^^^^^^^^ the final stage has no `HEALTHCHECK`
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// USER 101
    /// HEALTHCHECK CMD ["curl", "-f", "http://localhost:8080/"]
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-healthcheck-missing",
        summary: "the image has no `HEALTHCHECK`",
        remedy: "Add a `HEALTHCHECK`.",
        severity: Low,
        check: Check::Stage(check),
        default: false,
        peers: &[
            "hadolint:DL3057",
            "dockle:CIS-DI-0006",
            "trivy:DS-0026",
            "checkov:CKV_DOCKER_2",
            "kics:b03a748a",
            "cis:4.6",
        ],
        controls: &[control::HEALTH_PROBES],
        references: &["https://docs.docker.com/reference/dockerfile/#healthcheck"],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if stage.is_final() && stage.can_run() && stage.effective(Keyword::Healthcheck).is_none() {
        let message = format!("{} has no `HEALTHCHECK`", stage.display());
        stage.report(out, stage.stage.base.content, message);
    }
}
