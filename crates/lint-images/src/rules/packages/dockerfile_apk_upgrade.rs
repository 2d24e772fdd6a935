use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{self, Family};
use crate::subject::CommandSite;

rule! {
    /// `apk upgrade` makes each build another image and a second copy of each upgraded file, and
    /// hides that the base image is old. A newer base does the same for all images at once. Fine
    /// where the base is rebuilt seldom and fixes cannot wait; `apk upgrade libssl3` with names is
    /// never judged, nor are stages that are not part of the image.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk --no-cache -U upgrade && apk add --no-cache curl
    /// #                     ^^^^^^^ `apk upgrade` upgrades the packages of the base image
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache -u curl && apk upgrade --no-cache libssl3
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apk-upgrade",
        summary: "all packages of the base image are upgraded with `apk`",
        remedy: "Take a newer base image.",
        severity: Low,
        check: Check::Command(check),
        peers: &["kics:989ab888"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
        ],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    packages::report_upgrade(site, Family::Apk, out);
}
