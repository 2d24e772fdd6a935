use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{self, Family};
use crate::subject::CommandSite;

rule! {
    /// Without a version the same file gives another image tomorrow, and a rebuild to mend one line
    /// brings in whatever came out since. With one, the build says so when the version is gone.
    ///
    /// Off by default: Debian and Ubuntu take a version out of the archive when its fix is in, so
    /// that pinned builds break with each security fix. A base image pinned by digest together with
    /// a snapshot of the archive (`snapshot.debian.org`, `--snapshot`) gives the same without that;
    /// files that use one, or preferences of apt, are not judged. `name/release` is no version.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl jq=1.7.1-6 git && rm -rf /var/lib/apt/lists/*
    /// #                                                                ^^^^ `apt-get install` leaves the versions of `curl` and 1 other package open
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// ARG NGINX=1.26.3-3
    /// COPY shop.deb /tmp/
    /// RUN apt-get update && apt-get -t trixie install -y --no-install-recommends \
    ///         curl=8.14.* "nginx=${NGINX}" $EXTRA /tmp/shop.deb && \
    ///     rm -rf /var/lib/apt/lists/*
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apt-pin",
        summary: "`apt-get install` names no version",
        remedy: "Write `name=version`, or build from a snapshot of the archive.",
        severity: Low,
        check: Check::Command(check),
        default: false,
        peers: &["hadolint:DL3008", "kics:965a08d7"],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.docker.com/build/building/best-practices/#apt-get"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    packages::report_open_versions(site, Family::Apt, out);
}
