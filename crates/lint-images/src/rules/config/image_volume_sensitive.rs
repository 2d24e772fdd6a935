use careen_model::Context;
use careen_rule::{SnapshotSink, rule};

use crate::Check;
use crate::run_config::is_of_kernel;
use crate::subject::{Built, cut};

rule! {
    /// Docker puts an anonymous volume at every path of `Volumes`. Over `/dev`, `/proc` or `/sys`
    /// it hides what the kernel shows there, or keeps it beyond the container.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "/proc": volume `/proc` of image `app` covers files of the kernel
    /// config: {Volumes: {/data: {}, /proc: {}}}
    /// ```
    /// ```image good file=app
    /// config: {Volumes: {/data: {}, /development: {}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-volume-sensitive",
        summary: "volume of an image covers files of the kernel",
        remedy: "Leave the `VOLUME` out of the Dockerfile.",
        severity: High,
        check: Check::Image(check),
        peers: &["dockle:DKL-DI-0002"],
        security: true,
        references: &["https://docs.docker.com/reference/dockerfile/#volume"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    for (path, node) in built.image.config.keys("Volumes") {
        if is_of_kernel(path) {
            let path = cut(path);
            let message =
                format!("volume `{path}` of image `{}` covers files of the kernel", built.name());
            built.report_config(out, Some(node), message).evidence(path);
        }
    }
}
