use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::run_config::ports;
use crate::subject::Built;

rule! {
    /// A container with an SSH server has a second way in, with keys and accounts of its own that
    /// nobody rotates. `kubectl exec` and `docker exec` need none. Fine for an image whose purpose
    /// is SSH, such as a git server.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "22/tcp": image `app` exposes port 22, which is for SSH
    /// config: {ExposedPorts: {22/tcp: {}, 8080/tcp: {}}}
    /// ```
    /// ```image good file=app
    /// config: {ExposedPorts: {22/udp: {}, 2222/tcp: {}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-port-ssh",
        summary: "image exposes SSH",
        remedy: "Leave SSH out of the image.",
        severity: High,
        check: Check::Image(check),
        peers: &["trivy:DS-0004"],
        security: true,
        controls: &[control::IMAGE_MINIMAL, control::SSH_KEYS],
        references: &["https://docs.docker.com/reference/dockerfile/#expose"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    for (_, _, node) in ports(built).filter(|(port, text, _)| *port == 22 && !text.contains("udp"))
    {
        let message = format!("image `{}` exposes port 22, which is for SSH", built.name());
        built.report_config(out, Some(node), message);
    }
}
