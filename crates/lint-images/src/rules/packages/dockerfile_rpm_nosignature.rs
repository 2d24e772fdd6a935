use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::CommandSite;

rule! {
    /// `rpm` with `--nosignature`, `--nodigest` or `--noverify` installs a package that nobody
    /// vouches for, or a damaged one. Import the key with `rpm --import` instead.
    ///
    /// ```dockerfile bad
    /// FROM fedora:43
    /// RUN rpm -i --nosignature tool.rpm
    /// #          ^^^^^^^^^^^^^ `--nosignature` lets packages without a valid signature in
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM fedora:43
    /// RUN rpm --import tool.asc && rpm -i tool.rpm
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-rpm-nosignature",
        summary: "`rpm` installs packages without checking them",
        remedy: "Import the key with `rpm --import` and leave the option out.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_10", "cis:4.11"],
        security: true,
        cwe: &[347],
        controls: &[control::IMAGE_BASE],
        references: &["https://rpm.org/docs/latest/man/rpm.8"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call_of(&["rpm"]) else { return };
    for option in ["--nosignature", "--nodigest", "--noverify", "--nogpg"] {
        if let Some(word) = call.long(option) {
            let message = format!("`{option}` lets packages without a valid signature in");
            site.report(out, word.span, message).evidence(option);
        }
    }
}
