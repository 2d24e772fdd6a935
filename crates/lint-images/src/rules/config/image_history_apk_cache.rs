use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::history::History;
use crate::packages::{Family, PackageCall};
use crate::subject::{Built, Call, takes_away};

rule! {
    /// Without `--no-cache` the index that `apk add` fetches stays in the layer. Where the layer
    /// was read, it tells: a cache mount leaves nothing behind, and the history does not show one.
    /// `dockerfile-apk-no-cache` says it where the Dockerfile is at hand, so this rule is off by
    /// default.
    ///
    /// ```image bad file=app
    /// # finds config.json @ add: the history of image `app` has an `apk add` that leaves its index in the layer
    /// history:
    ///   - "ADD alpine-minirootfs-3.22.0-x86_64.tar.gz / # buildkit"
    ///   - "CMD [\"/bin/sh\"]"
    ///   - "RUN /bin/sh -c apk add curl # buildkit"
    /// ```
    /// ```image good file=app
    /// history:
    ///   - "ADD alpine-minirootfs-3.22.0-x86_64.tar.gz / # buildkit"
    ///   - "RUN /bin/sh -c apk add --no-cache curl # buildkit"
    ///   - "RUN /bin/sh -c apk add jq && rm -rf /var/cache/apk/* # buildkit"
    /// ```
    /// ```image good file=app
    /// history:
    ///   - {created_by: "ADD alpine-minirootfs-3.22.0-x86_64.tar.gz / # buildkit"}
    ///   - {created_by: "RUN /bin/sh -c apk add curl # buildkit"}
    /// layers:
    ///   - etc/alpine-release: "3.22.0\n"
    ///   - usr/bin/curl: {mode: "755", size: 8}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-history-apk-cache",
        summary: "image was built with an `apk add` that leaves its index in the layer",
        remedy: "Add `--no-cache`.",
        severity: Info,
        check: Check::Image(check),
        default: false,
        peers: &["dockle:DKL-DI-0004", "trivy:DS-0025"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.alpinelinux.org/user-handbook/0.1a/Working/apk.html"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    const CACHE: &str = "var/cache/apk";
    let history = History::of(built);
    for step in history.own().filter(|step| step.text.contains("apk")) {
        let commands = step.commands();
        let calls: Vec<Call<'_>> = shell::walk(&commands).filter_map(Call::of).collect();
        let adds = |call: &PackageCall<'_>| {
            let spared = call.call.has("--no-cache") || call.call.may_have_more_options();
            call.family == Family::Apk && call.installs() && !spared
        };
        let Some(call) = calls.iter().copied().filter_map(PackageCall::of).find(adds) else {
            continue;
        };
        let left = step.leaves_files(built, CACHE);
        let cleaned = || {
            let folders = ["/var/cache/apk", "/etc/apk/cache"];
            calls.iter().any(|call| folders.iter().any(|folder| takes_away(*call, folder)))
        };
        if !left.unwrap_or_else(|| !cleaned()) {
            continue;
        }
        let message = format!(
            "the history of image `{}` has an `apk add` that leaves its index in the layer",
            built.name()
        );
        let finding = step.report(built, out, call.subcommand.span, message);
        finding.confidence(history.confidence());
    }
}
