use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, rule};

use crate::Check;
use crate::packages::PackageCall;
use crate::subject::CommandSite;

rule! {
    /// `apt` is for people at a terminal: it warns in scripts that its interface is not stable.
    /// `apt-get` takes the same words.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN apt install -y --no-install-recommends curl
    /// #   ^^^ `apt` in a script: its interface is not stable
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN apt-get install -y --no-install-recommends curl
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apt-use-apt-get",
        summary: "`apt` is used in a script",
        remedy: "Write `apt-get`, or `apt-cache` for `search` and `show`.",
        severity: Info,
        check: Check::Command(check),
        peers: &["hadolint:DL3027", "checkov:CKV_DOCKER_9", "kics:b84a0b47"],
        references: &[
            "https://manpages.debian.org/trixie/apt/apt.8.en.html#SCRIPT_USAGE_AND_DIFFERENCES_FROM_OTHER_APT_TOOLS",
        ],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    const SHARED: [&str; 7] =
        ["install", "update", "upgrade", "remove", "purge", "autoremove", "clean"];
    let Some(call) = PackageCall::at(site).filter(|call| call.call.program() == "apt") else {
        return;
    };
    let name = call.call.name;
    let message = "`apt` in a script: its interface is not stable";
    let finding = site.report(out, name.span, message);
    if SHARED.contains(&call.subcommand.text.as_str()) && name.text == "apt" {
        let edit = Edit { span: name.span, text: "apt-get".to_owned() };
        finding.fix("Use `apt-get`", Safety::Safe, vec![edit]);
    }
}
