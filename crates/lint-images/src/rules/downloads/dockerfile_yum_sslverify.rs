use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::CommandSite;

rule! {
    /// With `sslverify` off yum and dnf take any certificate from a repository. Where signatures
    /// are not checked either, whoever stands on the way chooses what is installed. If the
    /// repository has a certificate of your own CA, give it with `sslcacert`.
    ///
    /// ```dockerfile bad
    /// FROM fedora:43
    /// RUN dnf install -y --setopt=sslverify=false tool && dnf clean all
    /// #                  ^^^^^^^^^^^^^^^^^^^^^^^^ `sslverify` turns the check of the server's certificate off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM fedora:43
    /// RUN dnf install -y --setopt=sslcacert=/etc/ssl/ca.pem tool && dnf clean all
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-yum-sslverify",
        summary: "yum or dnf does not check the server's certificate",
        remedy: "Leave it out; name your own CA with `sslcacert`.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_15"],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &["https://dnf.readthedocs.io/en/latest/conf_ref.html"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    const PROGRAMS: [&str; 7] =
        ["yum", "dnf", "dnf5", "microdnf", "tdnf", "yum-config-manager", "echo"];
    let Some(call) = site.call_of(&PROGRAMS) else { return };
    let off = |text: &str| {
        let value = text.split_once("sslverify=").map_or("", |(_, value)| value);
        ["false", "0", "no"].iter().any(|no| value.to_ascii_lowercase().starts_with(no))
    };
    if let Some(word) = call.arguments.iter().find(|word| off(&word.text)) {
        let message = "`sslverify` turns the check of the server's certificate off";
        site.report(out, word.span, message);
    }
}
