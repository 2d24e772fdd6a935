use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// `yum` keeps what it downloaded: tens of megabytes of metadata and packages that nobody needs
    /// in the image. Clean up in the same `RUN`, or keep the cache in a cache mount. Stages that
    /// are not part of the image are not judged.
    ///
    /// ```dockerfile bad
    /// FROM rockylinux:9.3
    /// RUN yum install -y httpd
    /// #       ^^^^^^^ `yum install` leaves its cache in the layer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM rockylinux:9.3
    /// RUN yum install -y httpd && yum clean all
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-yum-clean",
        summary: "`yum` leaves its cache in the layer",
        remedy: "End the `RUN` with `yum clean all`.",
        severity: Low,
        check: Check::Command(check),
        peers: &["hadolint:DL3032", "trivy:DS-0015", "kics:00481784"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/cache/optimize/#use-cache-mounts"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site) else { return };
    if call.family == Family::Yum && call.leaves_cache(site, &["/var/cache/yum", "/var/cache/dnf"])
    {
        let program = call.call.program();
        let message = format!("`{program} {}` leaves its cache in the layer", call.subcommand.text);
        site.report(out, call.subcommand.span, message);
    }
}
