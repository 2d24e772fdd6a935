use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{self, Family};
use crate::subject::CommandSite;

rule! {
    /// `zypper update` and `zypper dist-upgrade` make each build another image and a second copy of
    /// each upgraded file, and hide that the base image is old; `dist-upgrade` may take packages
    /// away as well. A newer base does the same for all images at once. Fine where the base is
    /// rebuilt seldom and fixes cannot wait; `zypper patch` and updates of named packages are never
    /// judged, nor are stages that are not part of the image.
    ///
    /// ```dockerfile bad
    /// FROM opensuse/leap:15.6
    /// RUN zypper --non-interactive dup --no-recommends && zypper clean
    /// #                            ^^^ `zypper dup` upgrades the packages of the base image
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM opensuse/leap:15.6
    /// RUN zypper refresh && zypper -n update openssl && zypper -n patch && zypper clean
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-zypper-dist-upgrade",
        summary: "all packages of the base image are upgraded with `zypper`",
        remedy: "Take a newer base image.",
        severity: Low,
        check: Check::Command(check),
        peers: &["hadolint:DL3035", "kics:d4895357"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
        ],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    packages::report_upgrade(site, Family::Zypper, out);
}
