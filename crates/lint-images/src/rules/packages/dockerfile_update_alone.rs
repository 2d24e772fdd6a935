use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::PackageCall;
use crate::subject::{Call, CommandSite};

rule! {
    /// A `RUN` that only updates the index is cached: weeks later a build still installs from the
    /// index of the first day, and gets packages that are no longer there, or old ones with known
    /// holes. Update and install in one `RUN`.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN apt-get update
    /// #           ^^^^^^ the package index is updated in a layer of its own
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-update-alone",
        summary: "the package index is updated in a `RUN` of its own",
        remedy: "Update and install in one `RUN`.",
        severity: Medium,
        check: Check::Command(check),
        peers: &[
            "dockle:CIS-DI-0007",
            "trivy:DS-0017",
            "checkov:CKV_DOCKER_5",
            "kics:9bae49be",
            "cis:4.7",
        ],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.docker.com/build/building/best-practices/#apt-get"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site) else { return };
    if !call.refreshes() || site.any_call("installs", may_install) {
        return;
    }
    let cached = ["/var/lib/apt/lists", "/var/cache/apk", "/etc/apk/cache"];
    if !cached.into_iter().any(|path| site.step.keeps_out_of_layer(path)) {
        let message = "the package index is updated in a layer of its own";
        site.report(out, call.subcommand.span, message);
    }
}

/// Whether a call may install something, as a script may.
pub(crate) fn may_install(call: Call<'_>) -> bool {
    const HARMLESS: [&str; 22] = [
        "cat", "cd", "chmod", "chown", "cp", "curl", "date", "echo", "export", "find", "ln", "ls",
        "mkdir", "mv", "printf", "rm", "sed", "set", "sleep", "test", "touch", "true",
    ];
    match PackageCall::of(call) {
        Some(call) => {
            !call.refreshes()
                && !matches!(call.subcommand.text.as_str(), "clean" | "autoclean" | "autoremove")
        }
        None => !HARMLESS.contains(&call.program()),
    }
}
