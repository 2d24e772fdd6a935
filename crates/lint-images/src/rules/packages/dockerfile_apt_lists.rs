use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::rules::packages::dockerfile_update_alone::may_install;
use crate::subject::CommandSite;

rule! {
    /// `apt-get update` writes tens of megabytes to `/var/lib/apt/lists`. What a later `RUN`
    /// deletes stays in the layer below, so delete it in the same `RUN`, or keep it in a cache
    /// mount. Stages that are not part of the image are not judged.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl
    /// #           ^^^^^^ the package lists stay in the layer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
    /// RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y --no-install-recommends jq
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apt-lists",
        summary: "the package lists of apt stay in the layer",
        remedy: "End the `RUN` with `rm -rf /var/lib/apt/lists/*`.",
        severity: Low,
        check: Check::Command(check),
        peers: &["hadolint:DL3009", "dockle:DKL-DI-0005", "kics:df746b39", "cis:4.3"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/#apt-get"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    const LISTS: &str = "/var/lib/apt/lists";
    let Some(call) = PackageCall::at(site) else { return };
    if call.family != Family::Apt || !call.refreshes() || !site.step.ships() {
        return;
    }
    let cleaned = site.leaves_nothing(LISTS)
        || site.any_call("dist-clean", |call| call.has("dist-clean") || call.has("distclean"));
    // An update without an install has a rule of its own, whose remedy moves it elsewhere.
    if !cleaned && site.any_call("installs", may_install) {
        site.report(out, call.subcommand.span, "the package lists stay in the layer");
    }
}
