use careen_model::Context;
use careen_rule::{Confidence, SnapshotSink, rule};

use crate::Check;
use crate::run_config::is_runnable;
use crate::subject::Built;

rule! {
    /// With neither `Entrypoint` nor `Cmd` a container does not start unless the manifest gives it
    /// a `command`: `no command specified`. An `ENTRYPOINT` in the Dockerfile also resets the
    /// `CMD` of the base image. Fine for images that others are built on, and for images that
    /// carry files and are never started, such as image volumes.
    ///
    /// ```image bad file=app
    /// # finds config.json @ {: image `app` has neither `Entrypoint` nor `Cmd`
    /// config: {Entrypoint: [], Cmd: null, User: "1000"}
    /// ```
    /// ```image good file=app
    /// config: {Cmd: [/app]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-no-command",
        summary: "image names no program to start",
        remedy: "End the Dockerfile with an `ENTRYPOINT` or a `CMD`.",
        severity: Low,
        check: Check::Image(check),
        confidence: Confidence::Medium,
        references: &["https://docs.docker.com/reference/dockerfile/#entrypoint"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let config = &built.image.config;
    let is_empty = |name: &str| config.words(name).is_empty();
    // A configuration without any words is one that was not understood.
    if config.at(&["config"]).is_none() && config.at(&["rootfs"]).is_none() {
        return;
    }
    if is_empty("Entrypoint") && is_empty("Cmd") && is_runnable(built) {
        let message = format!("image `{}` has neither `Entrypoint` nor `Cmd`", built.name());
        built.report_config(out, None, message);
    }
}
