use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::history::History;
use crate::packages::PackageCall;
use crate::rules::packages::dockerfile_update_alone::may_install;
use crate::subject::{Built, Call};

rule! {
    /// A step that only updates the package index is cached: weeks later a build still installs
    /// from the index of the first day, and gets old packages with known holes.
    /// `dockerfile-update-alone` says it where the Dockerfile is at hand, so this rule is off by
    /// default.
    ///
    /// ```image bad file=app
    /// # finds config.json @ update: the history of image `app` updates the package index in a step of its own
    /// history:
    ///   - "ADD rootfs.tar.xz / # buildkit"
    ///   - "CMD [\"bash\"]"
    ///   - "RUN /bin/sh -c apt-get -qq update # buildkit"
    ///   - "RUN /bin/sh -c apt-get install -y curl # buildkit"
    /// ```
    /// ```image good file=app
    /// history:
    ///   - "ADD rootfs.tar.xz / # buildkit"
    ///   - "RUN /bin/sh -c apt-get update # buildkit"
    ///   - "CMD [\"bash\"]"
    ///   - "RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit"
    ///   - "RUN /bin/sh -c apk update; ./install.sh # buildkit"
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-history-update-alone",
        summary: "image was built with an update of the package index in a step of its own",
        remedy: "Update and install in one `RUN`.",
        severity: Low,
        check: Check::Image(check),
        default: false,
        peers: &["dockle:CIS-DI-0007", "trivy:DS-0017", "cis:4.7"],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.docker.com/build/building/best-practices/#apt-get"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let history = History::of(built);
    for step in history.own().filter(|step| step.text.contains("update")) {
        let commands = step.commands();
        let calls: Vec<Call<'_>> = shell::walk(&commands).filter_map(Call::of).collect();
        let updates = calls.iter().copied().filter_map(PackageCall::of).find(|it| it.refreshes());
        let Some(call) = updates.filter(|_| !calls.iter().copied().any(may_install)) else {
            continue;
        };
        let message = format!(
            "the history of image `{}` updates the package index in a step of its own",
            built.name()
        );
        let finding = step.report(built, out, call.subcommand.span, message);
        finding.confidence(history.confidence());
    }
}
