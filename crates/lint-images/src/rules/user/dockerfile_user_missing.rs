use careen_image_model::dockerfile::{BaseKind, Keyword};
use careen_model::Context;
use careen_rule::{Confidence, Severity, Sink, control, rule};

use crate::Check;
use crate::nonroot::{self, BaseUser};
use crate::subject::{StageSite, cut};

rule! {
    /// Without `USER` the container runs as the user of its base image, and nearly every base image
    /// leaves that at root. Bases that are known to set another one (tags with `nonroot` or
    /// `unprivileged`, Chainguard, Bitnami, chiselled .NET) are fine, and so is a stage from
    /// `scratch` that only carries files. With a base nobody knows the finding is milder: look what it
    /// sets; a `USER` here says it for everybody. So it is with a Dockerfile for development, by its
    /// name or that of its final stage.
    ///
    /// ```dockerfile bad
    /// FROM node:22.11.0
    /// #    ^^^^^^^^^^^^ the final stage sets no `USER`: it runs as root
    /// CMD ["node", "server.js"]
    /// ```
    /// ```dockerfile good
    /// FROM golang:1.26.0 AS build
    /// RUN go build -o /server .
    /// FROM gcr.io/distroless/static-debian12:nonroot
    /// COPY --from=build /server /server
    /// ENTRYPOINT ["/server"]
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-user-missing",
        summary: "the final stage sets no `USER`",
        remedy: "End the final stage with a `USER` other than root, best a number.",
        severity: High,
        check: Check::Stage(check),
        confidence: Confidence::High,
        peers: &[
            "dockle:CIS-DI-0001",
            "trivy:DS-0002",
            "checkov:CKV_DOCKER_3",
            "kics:fd54f200",
            "cis:4.1",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#user",
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
        ],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if !stage.is_final()
        || stage.is_windows()
        || !stage.can_run()
        || stage.effective(Keyword::User).is_some()
    {
        return;
    }
    let root = stage.build.dockerfile.root_stage(stage.stage);
    let user = match &root.base_kind {
        BaseKind::Scratch => BaseUser::Root,
        BaseKind::Image(text) => nonroot::of(text),
        // What is not known cannot be blamed.
        BaseKind::Stage(_) | BaseKind::Unexpanded => return,
    };
    let span = stage.stage.base.content;
    let finding = match user {
        BaseUser::NonRoot | BaseUser::NoImage => return,
        BaseUser::Root => {
            let message = format!("{} sets no `USER`: it runs as root", stage.display());
            stage.report(out, span, message)
        }
        BaseUser::Unknown => {
            let message = format!(
                "{} sets no `USER`: it runs as root unless `{}` sets one",
                stage.display(),
                cut(root.base_image().unwrap_or_default())
            );
            let finding = stage.report(out, span, message);
            finding.severity(Severity::Medium).confidence(Confidence::Medium)
        }
    };
    if stage.build.is_for_development() {
        finding.severity(Severity::Low);
    }
}
