use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// `--force-yes` agrees to everything: unsigned packages, downgrades, the removal of what the
    /// system needs. It has been deprecated since apt 1.1; the few `--allow-…` options say which
    /// one is meant.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN apt-get install --no-install-recommends --force-yes tool
    /// #                                           ^^^^^^^^^^^ `--force-yes` also lets packages without a valid signature in
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN apt-get install -y --no-install-recommends tool
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apt-force-yes",
        summary: "apt agrees to unsigned packages with `--force-yes`",
        remedy: "Use `-y`.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_11", "cis:4.11"],
        security: true,
        cwe: &[347],
        controls: &[control::IMAGE_BASE],
        references: &["https://manpages.debian.org/trixie/apt/apt-get.8.en.html"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let call = PackageCall::at(site).filter(|call| call.family == Family::Apt);
    if let Some(word) = call.and_then(|call| call.call.long("--force-yes")) {
        let message = "`--force-yes` also lets packages without a valid signature in";
        site.report(out, word.span, message);
    }
}
