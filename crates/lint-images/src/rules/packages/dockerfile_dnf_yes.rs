use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// A build has nobody who answers questions: without `-y` `dnf install` asks, gets no answer
    /// and stops, at the latest when the packages it wants have changed.
    ///
    /// ```dockerfile bad
    /// FROM fedora:43
    /// RUN dnf install httpd && dnf clean all
    /// #       ^^^^^^^ `dnf install` waits for an answer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM fedora:43
    /// RUN dnf install -y httpd && dnf clean all
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-dnf-yes",
        summary: "`dnf install` asks questions",
        remedy: "Add `-y`.",
        severity: Medium,
        check: Check::Command(check),
        peers: &["hadolint:DL3038", "kics:7ebd323c"],
        references: &["https://docs.docker.com/build/building/best-practices/#run"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site).filter(|call| call.family == Family::Dnf) else {
        return;
    };
    if call.needs_yes() && !site.reads_pipe() && !site.step.build.mentions("assumeyes") {
        let program = call.call.program();
        let message = format!("`{program} {}` waits for an answer", call.subcommand.text);
        site.report(out, call.subcommand.span, message).evidence(program);
    }
}
