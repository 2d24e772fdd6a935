use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// `zypper` keeps what it downloaded: tens of megabytes of metadata and packages that nobody
    /// needs in the image. Clean up in the same `RUN`, or keep the cache in a cache mount. Stages
    /// that are not part of the image are not judged.
    ///
    /// ```dockerfile bad
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install apache2
    /// #             ^^^^^^^ `zypper install` leaves its cache in the layer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install apache2 && zypper clean
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-zypper-clean",
        summary: "`zypper` leaves its cache in the layer",
        remedy: "End the `RUN` with `zypper clean`.",
        severity: Low,
        check: Check::Command(check),
        peers: &["hadolint:DL3036", "trivy:DS-0020", "kics:38300d1a"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/cache/optimize/#use-cache-mounts"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site) else { return };
    if call.family == Family::Zypper && call.leaves_cache(site, &["/var/cache/zypp"]) {
        let program = call.call.program();
        let message = format!("`{program} {}` leaves its cache in the layer", call.subcommand.text);
        site.report(out, call.subcommand.span, message);
    }
}
