use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{self, Family};
use crate::subject::CommandSite;

rule! {
    /// Without a version the same file gives another image tomorrow. `name~1.2` keeps to a version
    /// and still takes its fixes; `name=1.2.3-r0` is exact.
    ///
    /// Off by default: Alpine keeps only the newest build of a package in the repositories of a
    /// release, so that exact versions break builds with each fix. A pinned tag of the base image
    /// already keeps to one release of Alpine. A lower or upper bound is no version.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache --virtual .build gcc=14.2.0-r6 "make>4"
    /// #                                                     ^^^^^^^^ `apk add` leaves the version of `make` open
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// COPY shop.apk /tmp/
    /// RUN apk add --no-cache -t .build gcc~14 make=4.4.1-r3 "curl=~8.14" && apk add --no-network /tmp/shop.apk
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apk-pin",
        summary: "`apk add` names no version",
        remedy: "Write `name~version` or `name=version`.",
        severity: Low,
        check: Check::Command(check),
        default: false,
        peers: &["hadolint:DL3018", "kics:d3499f6d"],
        controls: &[control::IMAGE_BASE],
        references: &["https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    packages::report_open_versions(site, Family::Apk, out);
}
