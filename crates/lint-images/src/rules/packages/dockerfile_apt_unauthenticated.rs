use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// With `--allow-unauthenticated` apt installs packages whose signature is missing or wrong:
    /// what a mirror or somebody on the way to it sends runs as root in the build and stays in the
    /// image. Import the key of the repository with `signed-by` instead.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN apt-get install -y --no-install-recommends --allow-unauthenticated tool
    /// #                                              ^^^^^^^^^^^^^^^^^^^^^^^ `--allow-unauthenticated` lets packages without a valid signature in
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN apt-get install -y --no-install-recommends tool
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apt-unauthenticated",
        summary: "apt installs packages without checking their signatures",
        remedy: "Import the key of the repository and leave the option out.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_8", "cis:4.11"],
        security: true,
        cwe: &[347],
        controls: &[control::IMAGE_BASE],
        references: &["https://manpages.debian.org/trixie/apt/apt-secure.8.en.html"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    const OPTIONS: [&str; 2] = ["--allow-unauthenticated", "--allow-insecure-repositories"];
    let Some(call) = PackageCall::at(site).filter(|call| call.family == Family::Apt) else {
        return;
    };
    for option in OPTIONS {
        if let Some(word) = call.call.long(option).filter(|word| !word.text.ends_with("=false")) {
            let message = format!("`{option}` lets packages without a valid signature in");
            site.report(out, word.span, message).evidence(option);
        }
    }
    let settings = ["apt::get::allowunauthenticated", "acquire::allowinsecurerepositories"];
    if settings.into_iter().any(|name| call.apt_option(name) == Some(true)) {
        let message = "an option lets packages without a valid signature in";
        site.report(out, call.subcommand.span, message);
    }
}
