use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::history::History;
use crate::subject::Built;

rule! {
    /// A step of a build that calls `sudo` says that `sudo` is in the image, where it is the way
    /// from the service's user to root. `dockerfile-sudo` says it where the Dockerfile is at hand,
    /// so this rule is off by default.
    ///
    /// ```image bad file=app
    /// # finds config.json @ sudo: the history of image `app` calls `sudo`
    /// history:
    ///   - "ADD rootfs.tar.xz / # buildkit"
    ///   - "RUN |1 A=b /bin/bash -o pipefail -c set -eux && (sudo mkdir /cache) # buildkit"
    /// ```
    /// ```image good file=app
    /// history:
    ///   - "ADD rootfs.tar.xz / # buildkit"
    ///   - "RUN /bin/sh -c echo sudo && apt-get remove -y sudo # buildkit"
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-history-sudo",
        summary: "image was built with `sudo`",
        remedy: "Run the step before `USER`, and leave `sudo` out of the image.",
        severity: Low,
        check: Check::Image(check),
        default: false,
        peers: &["dockle:DKL-DI-0001", "trivy:DS-0010"],
        security: true,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://docs.docker.com/build/building/best-practices/#user"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let history = History::of(built);
    for step in history.own().filter(|step| step.text.contains("sudo")) {
        let commands = step.commands();
        for command in shell::walk(&commands).filter(|command| command.program() == "sudo") {
            let span = command.name().map_or(command.span, |name| name.span);
            let message = format!("the history of image `{}` calls `sudo`", built.name());
            step.report(built, out, span, message).confidence(history.confidence());
        }
    }
}
