use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{self, Family};
use crate::subject::CommandSite;

rule! {
    /// `dnf update` is not like `apt-get update`: it upgrades every package. That makes each build
    /// another image and a second copy of each upgraded file, and hides that the base image is old.
    /// The index is read anew without being asked. Fine where the base is rebuilt seldom and fixes
    /// cannot wait; updates of named packages and `--security` are never judged, nor are stages
    /// that are not part of the image.
    ///
    /// ```dockerfile bad
    /// FROM fedora:43
    /// RUN microdnf upgrade -y --nodocs && microdnf install -y httpd && microdnf clean all
    /// #            ^^^^^^^ `microdnf upgrade` upgrades the packages of the base image
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM fedora:43
    /// RUN dnf update -y openssl-libs && dnf upgrade -y --advisory=FEDORA-2026-1 && dnf clean all
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-dnf-update",
        summary: "all packages of the base image are upgraded with `dnf`",
        remedy: "Take a newer base image.",
        severity: Low,
        check: Check::Command(check),
        peers: &["kics:09fda05e"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
        ],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    packages::report_upgrade(site, Family::Dnf, out);
}
