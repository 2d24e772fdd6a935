use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::history::History;
use crate::packages::{Family, PackageCall};
use crate::subject::{Built, Call, takes_away};

rule! {
    /// `apt-get update` writes tens of megabytes to `/var/lib/apt/lists`, which stay in the layer
    /// unless the same step takes them away. Where the layer was read, it tells: a cache mount
    /// leaves nothing behind, and the history does not show one. `dockerfile-apt-lists` says it
    /// where the Dockerfile is at hand, so this rule is off by default.
    ///
    /// ```image bad file=app
    /// # finds config.json @ update: the history of image `app` has an `apt-get update` that leaves its lists in the layer
    /// history:
    ///   - {created_by: "# debian.sh --arch 'amd64' out/ 'trixie' '@1763424000'"}
    ///   - {created_by: "RUN |1 A=b /bin/sh -c apt-get update && ./install.sh # buildkit"}
    /// layers:
    ///   - etc/debian_version: "13.2\n"
    ///   - var/lib/apt/lists/deb.debian.org_debian_dists_trixie_InRelease: {size: 10}
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ update: the history of image `app` has an `apt update`
    /// history:
    ///   - "# debian.sh --arch 'amd64' out/ 'trixie' '@1763424000'"
    ///   - "RUN /bin/sh -c apt update && apt-get install -y curl # buildkit"
    /// ```
    /// ```image good file=app
    /// history:
    ///   - {created_by: "# debian.sh --arch 'amd64' out/ 'trixie' '@1763424000'"}
    ///   - {created_by: "RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit"}
    /// layers:
    ///   - etc/debian_version: "13.2\n"
    ///   - var/lib/apt/lists/: {}
    ///     var/lib/apt/lists/lock: {}
    /// ```
    /// ```image good file=app
    /// history:
    ///   - "# debian.sh --arch 'amd64' out/ 'trixie' '@1763424000'"
    ///   - "RUN /bin/sh -c apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/* # buildkit"
    ///   - "RUN /bin/sh -c apt-get update && apt-get install -y a && apt-get dist-clean # buildkit"
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-history-apt-lists",
        summary: "image was built with an `apt-get update` that leaves its lists in the layer",
        remedy: "End the `RUN` with `rm -rf /var/lib/apt/lists/*`.",
        severity: Info,
        check: Check::Image(check),
        default: false,
        peers: &["dockle:DKL-DI-0005"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/#apt-get"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    const LISTS: &str = "var/lib/apt/lists";
    let history = History::of(built);
    for step in history.own().filter(|step| step.text.contains("update")) {
        let commands = step.commands();
        let calls: Vec<Call<'_>> = shell::walk(&commands).filter_map(Call::of).collect();
        let updates = |call: &PackageCall<'_>| call.family == Family::Apt && call.refreshes();
        let Some(call) = calls.iter().copied().filter_map(PackageCall::of).find(updates) else {
            continue;
        };
        let cleaned = || {
            calls.iter().any(|call| {
                takes_away(*call, "/var/lib/apt/lists")
                    || call.has("dist-clean")
                    || call.has("distclean")
            })
        };
        if !step.leaves_files(built, LISTS).unwrap_or_else(|| !cleaned()) {
            continue;
        }
        let message = format!(
            "the history of image `{}` has an `{} update` that leaves its lists in the layer",
            built.name(),
            call.call.program()
        );
        let finding = step.report(built, out, call.subcommand.span, message);
        finding.confidence(history.confidence());
    }
}
