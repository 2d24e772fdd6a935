use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{self, Family};
use crate::subject::CommandSite;

rule! {
    /// `yum update` is not like `apt-get update`: it upgrades every package. That makes each build
    /// another image and a second copy of each upgraded file, and hides that the base image is old.
    /// The index is read anew without being asked. Fine where the base is rebuilt seldom and fixes
    /// cannot wait; updates of named packages and `--security` are never judged, nor are stages
    /// that are not part of the image.
    ///
    /// ```dockerfile bad
    /// FROM rockylinux:9.3
    /// RUN yum -y update && yum install -y httpd && yum clean all
    /// #          ^^^^^^ `yum update` upgrades the packages of the base image
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM rockylinux:9.3
    /// RUN yum makecache && yum update -y openssl-libs && yum upgrade -y --security && yum clean all
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-yum-update",
        summary: "all packages of the base image are upgraded with `yum`",
        remedy: "Take a newer base image.",
        severity: Low,
        check: Check::Command(check),
        peers: &["kics:8f6456be"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
        ],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    packages::report_upgrade(site, Family::Yum, out);
}
