use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// A build has nobody who answers questions: without `-y` `apt-get install` asks, gets no
    /// answer and stops, at the latest when the packages it wants have changed.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN apt-get install --no-install-recommends curl
    /// #           ^^^^^^^ `apt-get install` waits for an answer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN apt-get install -y --no-install-recommends curl
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apt-yes",
        summary: "`apt-get install` asks questions",
        remedy: "Add `-y`.",
        severity: Medium,
        check: Check::Command(check),
        peers: &["hadolint:DL3014", "trivy:DS-0021", "kics:77783205"],
        references: &["https://docs.docker.com/build/building/best-practices/#run"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site).filter(|call| call.family == Family::Apt) else {
        return;
    };
    if call.needs_yes() && !site.reads_pipe() && !site.step.build.mentions("Assume-Yes") {
        let program = call.call.program();
        let message = format!("`{program} {}` waits for an answer", call.subcommand.text);
        site.report(out, call.subcommand.span, message).evidence(program);
    }
}
