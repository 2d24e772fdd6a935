use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::history::History;
use crate::packages::PackageCall;
use crate::subject::{Built, Call};

rule! {
    /// Upgrading everything makes each build another image and a second copy of each upgraded
    /// file, and hides that the base image is old. `dockerfile-apt-dist-upgrade` says it where the
    /// Dockerfile is at hand, so this rule is off by default.
    ///
    /// ```image bad file=app
    /// # finds config.json @ dist-upgrade: the history of image `app` upgrades all packages of the base image
    /// history:
    ///   - "# debian.sh --arch 'amd64' out/ 'trixie' '@1763424000'"
    ///   - "/bin/sh -c apt-get update && apt-get -y dist-upgrade"
    /// ```
    /// ```image good file=app
    /// history:
    ///   - "# debian.sh --arch 'amd64' out/ 'trixie' '@1763424000'"
    ///   - "/bin/sh -c apt-get update && apt-get install -y curl"
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-history-dist-upgrade",
        summary: "image was built with an upgrade of all packages",
        remedy: "Take a newer base image.",
        severity: Low,
        check: Check::Image(check),
        default: false,
        peers: &["dockle:DKL-DI-0003"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
        ],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let history = History::of(built);
    for step in history.own().filter(|step| step.text.contains("upgrade")) {
        let commands = step.commands();
        let calls = shell::walk(&commands).filter_map(Call::of).filter_map(PackageCall::of);
        for call in calls.filter(|call| call.upgrades_all() && !call.is_dry()) {
            let message = format!(
                "the history of image `{}` upgrades all packages of the base image",
                built.name()
            );
            let finding = step.report(built, out, call.subcommand.span, message);
            finding.confidence(history.confidence());
        }
    }
}
