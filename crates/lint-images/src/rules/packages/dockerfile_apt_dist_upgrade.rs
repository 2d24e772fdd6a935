use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{self, Family};
use crate::subject::CommandSite;

rule! {
    /// Upgrading everything makes each build another image and a second copy of each upgraded file,
    /// and hides that the base image is old. A newer base does the same for all images at once.
    /// Fine where the base is rebuilt seldom and fixes cannot wait.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN apt-get upgrade -y
    /// #           ^^^^^^^ `apt-get upgrade` upgrades the packages of the base image
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2-20251117
    /// RUN apt-get install -y --no-install-recommends curl
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apt-dist-upgrade",
        summary: "all packages of the base image are upgraded",
        remedy: "Take a newer base image.",
        severity: Low,
        check: Check::Command(check),
        peers: &["dockle:DKL-DI-0003", "trivy:DS-0024", "kics:682fe378"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
        ],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    packages::report_upgrade(site, Family::Apt, out);
}
