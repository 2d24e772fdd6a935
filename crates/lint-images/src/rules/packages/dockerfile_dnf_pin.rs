use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{self, Family};
use crate::subject::CommandSite;

rule! {
    /// Without a version the same file gives another image tomorrow: `dnf install nginx` takes what
    /// the repositories hold then. A module is pinned by its stream.
    ///
    /// Off by default, as a pinned release of the base image keeps to one release of the
    /// distribution. On Amazon Linux a numbered `--releasever` (`2023.6.20250107`) pins all
    /// packages at once. Groups and files have no version.
    ///
    /// ```dockerfile bad
    /// FROM fedora:43
    /// RUN dnf -y --setopt=install_weak_deps=False install nginx && dnf module install -y nodejs:22 && dnf clean all
    /// #                                                   ^^^^^ `dnf install` leaves the version of `nginx` open
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM fedora:43
    /// RUN dnf install -y nginx-1.28.0 "perl(JSON)" @nodejs:22 && dnf clean all
    /// RUN dnf install -y --releasever=2023.6.20250107 jq && dnf clean all
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-dnf-pin",
        summary: "`dnf install` names no version",
        remedy: "Write `name-version` or `name-version-release`.",
        severity: Low,
        check: Check::Command(check),
        default: false,
        peers: &["hadolint:DL3041", "kics:93d88cf7"],
        controls: &[control::IMAGE_BASE],
        references: &["https://dnf.readthedocs.io/en/latest/command_ref.html#specifying-packages"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    packages::report_open_versions(site, Family::Dnf, out);
}
