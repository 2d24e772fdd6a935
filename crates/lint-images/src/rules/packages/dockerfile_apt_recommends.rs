use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// Recommended packages are what somebody at a desk may want too: manual pages, helpers,
    /// sometimes a mail server. In an image each of them is weight and one more thing to patch.
    /// Stages that are not part of the image are not judged, nor is a file that sets
    /// `APT::Install-Recommends`.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    /// #                             ^^^^^^^ recommended packages are installed too
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apt-recommends",
        summary: "recommended packages are installed too",
        remedy: "Add `--no-install-recommends`.",
        severity: Low,
        check: Check::Command(check),
        peers: &["hadolint:DL3015", "trivy:DS-0029", "kics:7384dfb2", "cis:4.3"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/#apt-get"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site) else { return };
    if call.family != Family::Apt || call.subcommand.text != "install" || !site.step.ships() {
        return;
    }
    let told = call.call.has("--no-install-recommends")
        || call.call.has("--without-recommends")
        || call.call.has("--install-recommends")
        || call.apt_option("apt::install-recommends").is_some()
        || call.call.may_have_more_options();
    if !told && !call.is_dry() && !site.step.build.mentions("Install-Recommends") {
        site.report(out, call.subcommand.span, "recommended packages are installed too");
    }
}
