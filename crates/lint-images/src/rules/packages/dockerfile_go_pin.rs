use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{open_modules, report_open};
use crate::subject::CommandSite;

rule! {
    /// With `@latest` or the name of a branch the same file gives another binary tomorrow, and a
    /// bad release of a tool reaches production without a commit of yours. `go get` without a
    /// version moves to the newest, too; `go install` without one takes what `go.mod` says.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25.4
    /// RUN go install -trimpath example.com/tools/gen@latest
    /// #                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `go install` leaves the version of `example.com/tools/gen` open
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM golang:1.25.4
    /// RUN go install example.com/tools/gen@v1.4.0 example.com/tools/doc@${DOC} && go install ./cmd/... && go get ./...
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-go-pin",
        summary: "`go install` names no version",
        remedy: "Write a version behind the `@`, or use `go tool` with `go.mod`.",
        severity: Low,
        check: Check::Command(check),
        default: false,
        peers: &["hadolint:DL3062"],
        controls: &[control::IMAGE_BASE],
        references: &["https://go.dev/ref/mod#version-queries"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call else { return };
    if let (Some(open), Some(subcommand)) = (open_modules(call), call.arguments.first()) {
        report_open(site, &format!("go {}", subcommand.text), Some(open), out);
    }
}
