use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{self, Family};
use crate::subject::CommandSite;

rule! {
    /// Without a version the same file gives another image tomorrow: `yum install httpd` takes what
    /// the repositories hold then.
    ///
    /// Off by default, as a pinned release of the base image keeps to one release of the
    /// distribution. Groups and files have no version; of `gcc-toolset-14` the file does not tell
    /// whether the number is one.
    ///
    /// ```dockerfile bad
    /// FROM rockylinux:9.3
    /// RUN yum install -y httpd java-1.8.0-openjdk mod_ssl-2.4.57 && yum clean all
    /// #                  ^^^^^ `yum install` leaves the versions of `httpd` and 1 other package open
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM rockylinux:9.3
    /// RUN yum install -y httpd-2.4.57-8.el9.x86_64 mod_ssl-1:2.4.57 @development https://example.com/shop.rpm && yum clean all
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-yum-pin",
        summary: "`yum install` names no version",
        remedy: "Write `name-version` or `name-version-release`.",
        severity: Low,
        check: Check::Command(check),
        default: false,
        peers: &["hadolint:DL3033", "kics:6452c424"],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.docker.com/build/building/best-practices/"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    packages::report_open_versions(site, Family::Yum, out);
}
