use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{NodeCall, report_open};
use crate::subject::CommandSite;

rule! {
    /// Without a version the same file gives another image tomorrow, and a bad release of a package
    /// reaches production without a commit of yours. Tools belong into `package.json`, with a lock
    /// file and `npm ci`; a global one needs a version.
    ///
    /// `name@1.2.3`, `name@1` and `name@^1.2` are versions; `latest` and other tags are not. A
    /// repository needs a tag or a commit behind `#`. `npm ci` and `npm install` without names
    /// follow the lock file. The same is asked of `yarn add` and `pnpm add`.
    ///
    /// ```dockerfile bad
    /// FROM node:24.11.0
    /// RUN npm install -g @angular/cli pm2@latest serve@14
    /// #                  ^^^^^^^^^^^^ `npm install` leaves the versions of `@angular/cli` and 1 other package open
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM node:24.11.0
    /// ARG PNPM=10.20.0
    /// RUN npm install -g @angular/cli@20.3.0 "pnpm@${PNPM}" example/tool#v1.2.0 && npm ci --omit dev && npm install
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-npm-pin",
        summary: "`npm install` names no version",
        remedy: "Write `name@version`, or put the package into `package.json` and use `npm ci`.",
        severity: Low,
        check: Check::Command(check),
        default: false,
        peers: &["hadolint:DL3016", "kics:e36d8880"],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.npmjs.com/cli/commands/npm-install"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = NodeCall::at(site) else { return };
    let (Some(open), Some(subcommand)) = (call.open_versions(), call.subcommand) else { return };
    let what = format!("{} {}", call.call.program(), subcommand.text);
    report_open(site, &what, Some(open), out);
}
