use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::{CommandSite, cut};

rule! {
    /// Without the check of signatures yum, dnf and zypper install whatever the repository, or
    /// somebody on the way to it, sends. Import the key of the repository with `rpm --import`
    /// instead.
    ///
    /// ```dockerfile bad
    /// FROM fedora:43
    /// RUN dnf install -y --nogpgcheck tool && dnf clean all
    /// #                  ^^^^^^^^^^^^ `--nogpgcheck` lets packages without a valid signature in
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM fedora:43
    /// RUN dnf install -y tool && dnf clean all
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-yum-nogpgcheck",
        summary: "packages are installed without checking their signatures",
        remedy: "Import the key of the repository and leave the option out.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_9", "cis:4.11"],
        security: true,
        cwe: &[347],
        controls: &[control::IMAGE_BASE],
        references: &["https://dnf.readthedocs.io/en/latest/command_ref.html"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site) else { return };
    if !matches!(call.family, Family::Yum | Family::Dnf | Family::Zypper) {
        return;
    }
    let off = |text: &str| {
        matches!(text, "--nogpgcheck" | "--no-gpg-checks" | "--no-gpgchecks")
            || text.ends_with("gpgcheck=0")
            || text.ends_with("gpgcheck=false")
    };
    if let Some(word) = call.call.arguments.iter().find(|word| off(&word.text)) {
        let option = cut(&word.text);
        let message = format!("`{option}` lets packages without a valid signature in");
        site.report(out, word.span, message).evidence(option);
    }
}
