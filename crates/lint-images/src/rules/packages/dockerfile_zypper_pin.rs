use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{self, Family};
use crate::subject::CommandSite;

rule! {
    /// Without a version the same file gives another image tomorrow: `zypper install apache2` takes
    /// what the repositories hold then.
    ///
    /// Off by default, as a pinned release of the base image keeps to one release of the
    /// distribution. Patterns, patches and files have no version; a lower or upper bound is none.
    ///
    /// ```dockerfile bad
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n in --no-recommends apache2 "curl>=8" && zypper clean
    /// #                                ^^^^^^^ `zypper in` leaves the versions of `apache2` and 1 other package open
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install apache2=2.4.58 repo-oss:curl=8.6.0 && zypper -n install -t pattern basesystem && zypper clean
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-zypper-pin",
        summary: "`zypper install` names no version",
        remedy: "Write `name=version`.",
        severity: Low,
        check: Check::Command(check),
        default: false,
        peers: &["hadolint:DL3037", "kics:562952e4"],
        controls: &[control::IMAGE_BASE],
        references: &["https://en.opensuse.org/SDB:Zypper_manual"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    packages::report_open_versions(site, Family::Zypper, out);
}
