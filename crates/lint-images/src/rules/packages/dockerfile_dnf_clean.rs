use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// `dnf` keeps what it downloaded: tens of megabytes of metadata and packages that nobody needs
    /// in the image. Clean up in the same `RUN`, or keep the cache in a cache mount. Stages that
    /// are not part of the image are not judged.
    ///
    /// ```dockerfile bad
    /// FROM fedora:43
    /// RUN dnf install -y httpd
    /// #       ^^^^^^^ `dnf install` leaves its cache in the layer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM fedora:43
    /// RUN dnf install -y httpd && dnf clean all
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-dnf-clean",
        summary: "`dnf` leaves its cache in the layer",
        remedy: "End the `RUN` with `dnf clean all`.",
        severity: Low,
        check: Check::Command(check),
        peers: &["hadolint:DL3040", "trivy:DS-0019", "trivy:DS-0027", "kics:295acb63"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/cache/optimize/#use-cache-mounts"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site) else { return };
    if call.family == Family::Dnf
        && call.leaves_cache(site, &["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"])
    {
        let program = call.call.program();
        let message = format!("`{program} {}` leaves its cache in the layer", call.subcommand.text);
        site.report(out, call.subcommand.span, message);
    }
}
