use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// A build has nobody who answers questions: without `-y` `yum install` asks, gets no answer
    /// and stops, at the latest when the packages it wants have changed.
    ///
    /// ```dockerfile bad
    /// FROM rockylinux:9.3
    /// RUN yum install httpd && yum clean all
    /// #       ^^^^^^^ `yum install` waits for an answer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM rockylinux:9.3
    /// RUN yum install -y httpd && yum clean all
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-yum-yes",
        summary: "`yum install` asks questions",
        remedy: "Add `-y`.",
        severity: Medium,
        check: Check::Command(check),
        peers: &["hadolint:DL3030", "kics:6e19193a"],
        references: &["https://docs.docker.com/build/building/best-practices/#run"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site).filter(|call| call.family == Family::Yum) else {
        return;
    };
    if call.needs_yes() && !site.reads_pipe() && !site.step.build.mentions("assumeyes") {
        let program = call.call.program();
        let message = format!("`{program} {}` waits for an answer", call.subcommand.text);
        site.report(out, call.subcommand.span, message).evidence(program);
    }
}
