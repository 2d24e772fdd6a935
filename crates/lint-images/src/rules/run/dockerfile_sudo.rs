use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::CommandSite;

rule! {
    /// Steps of a build run as root already, or change with `USER`. `sudo` passes no signals on,
    /// may want a terminal, and in the finished image it is the way from the service's user to
    /// root.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN sudo mkdir /cache
    /// #   ^^^^ `sudo` in a build
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN mkdir /cache
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-sudo",
        summary: "`RUN` uses `sudo`",
        remedy: "Run the step before `USER`, or between `USER root` and the other one.",
        severity: Medium,
        check: Check::Command(check),
        peers: &[
            "hadolint:DL3004",
            "dockle:DKL-DI-0001",
            "trivy:DS-0010",
            "checkov:CKV2_DOCKER_1",
            "kics:8ada6e80",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://docs.docker.com/build/building/best-practices/#user"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if let Some(name) = site.command.name().filter(|_| site.command.program() == "sudo") {
        site.report(out, name.span, "`sudo` in a build, which can be root by itself");
    }
}
