use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// A build has nobody who answers questions: without `--non-interactive` `zypper install` asks,
    /// gets no answer and stops, at the latest when the packages it wants have changed.
    ///
    /// ```dockerfile bad
    /// FROM opensuse/leap:15.6
    /// RUN zypper install apache2 && zypper clean
    /// #          ^^^^^^^ `zypper install` waits for an answer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM opensuse/leap:15.6
    /// RUN zypper --non-interactive install apache2 && zypper clean
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-zypper-yes",
        summary: "`zypper install` asks questions",
        remedy: "Add `--non-interactive`.",
        severity: Medium,
        check: Check::Command(check),
        peers: &["hadolint:DL3034", "kics:45e1fca5"],
        references: &["https://docs.docker.com/build/building/best-practices/#run"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site).filter(|call| call.family == Family::Zypper) else {
        return;
    };
    if call.needs_yes() && !site.reads_pipe() && !site.step.build.mentions("assumeyes") {
        let program = call.call.program();
        let message = format!("`{program} {}` waits for an answer", call.subcommand.text);
        site.report(out, call.subcommand.span, message).evidence(program);
    }
}
