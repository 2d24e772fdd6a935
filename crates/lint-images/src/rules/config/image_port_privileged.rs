use careen_image_model::oci::{Entry, EntryKind};
use careen_model::Context;
use careen_rule::{Confidence, SnapshotSink, rule};

use crate::Check;
use crate::run_config::{is_root, ports, user};
use crate::subject::{Built, cut};

rule! {
    /// Ports below 1024 are for root, unless the runtime says otherwise: Docker does from 20.10
    /// on, containerd does from 2.0 on, others and `--network host` do not. There, a plain user
    /// cannot listen, and the container ends at once. A port above 1023 works everywhere, and the
    /// Service maps it. Off by default, as it hurts under some runtimes only; silent where a
    /// program of the image has a file capability.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "80/tcp": image `app` exposes port 80, which its user `web` may not listen on
    /// config: {User: web, ExposedPorts: {80/tcp: {}}}
    /// ```
    /// ```image good file=app
    /// config: {User: "101", ExposedPorts: {8080/tcp: {}}}
    /// ```
    /// ```image good file=app
    /// config: {ExposedPorts: {80/tcp: {}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-port-privileged",
        summary: "image exposes a port that its user may not listen on",
        remedy: "Listen on a port above 1023.",
        severity: Low,
        check: Check::Image(check),
        confidence: Confidence::Medium,
        default: false,
        references: &[
            "https://docs.kernel.org/networking/ip-sysctl.html",
        ],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(user) = user(built).filter(|user| !is_root(built, user.user)) else { return };
    let mut privileged = ports(built).filter(|(port, ..)| (1..1024).contains(port)).peekable();
    let has_capability = |file: &Entry| file.kind == EntryKind::File && file.capability.is_some();
    let may_listen =
        privileged.peek().is_some() && built.merged.entries().any(|(_, file)| has_capability(file));
    if may_listen {
        return;
    }
    for (port, _, node) in privileged {
        let message = format!(
            "image `{}` exposes port {port}, which its user `{}` may not listen on everywhere",
            built.name(),
            cut(user.user)
        );
        built.report_config(out, Some(node), message).evidence(port.to_string());
    }
}
