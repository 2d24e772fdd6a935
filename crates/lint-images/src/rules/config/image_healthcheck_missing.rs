use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::run_config::is_runnable;
use crate::subject::Built;

rule! {
    /// Docker and Compose learn only from `HEALTHCHECK` that a program hangs. Kubernetes does not
    /// look at it: there, probes in the manifest do this, and the rule is off by default. Images
    /// in OCI form that Buildah makes cannot carry one.
    ///
    /// ```image bad file=app
    /// # finds config.json @ {: image `app` has no `Healthcheck`
    /// config: {Cmd: [/app]}
    /// ```
    /// ```image good file=app
    /// config: {Cmd: [/app], Healthcheck: {Test: [CMD, /app, --health]}}
    /// ```
    /// ```image good file=app
    /// config: {Cmd: [/app], Healthcheck: {Test: [NONE]}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-healthcheck-missing",
        summary: "image has no health check",
        remedy: "Add a `HEALTHCHECK` to the Dockerfile.",
        severity: Low,
        check: Check::Image(check),
        default: false,
        peers: &["dockle:CIS-DI-0006", "trivy:DS-0026", "cis:4.6"],
        controls: &[control::HEALTH_PROBES],
        references: &["https://docs.docker.com/reference/dockerfile/#healthcheck"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    if built.image.config.at(&["config", "Healthcheck"]).is_none() && is_runnable(built) {
        built.report_config(out, None, format!("image `{}` has no `Healthcheck`", built.name()));
    }
}
