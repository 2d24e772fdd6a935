use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::expose::{Port, ports};
use crate::subject::Step;

rule! {
    /// A container with an SSH server has a second way in, with keys and accounts of its own that
    /// nobody rotates. `kubectl exec` and `docker exec` need none. Fine for an image whose purpose
    /// is SSH, such as a git server.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// EXPOSE 22
    /// #      ^^ port 22 is for SSH
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// EXPOSE 8080
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-expose-ssh",
        summary: "the image exposes SSH",
        remedy: "Leave SSH out of the image.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["trivy:DS-0004", "checkov:CKV_DOCKER_1", "kics:5907595b"],
        security: true,
        controls: &[control::IMAGE_MINIMAL, control::SSH_KEYS],
        references: &["https://docs.docker.com/reference/dockerfile/#expose"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if !step.ships() {
        return;
    }
    for (word, port) in ports(step) {
        if port == Port::Range(22, 22) && !word.text.ends_with("/udp") {
            step.report(out, word.content, "port 22 is for SSH");
        }
    }
}
