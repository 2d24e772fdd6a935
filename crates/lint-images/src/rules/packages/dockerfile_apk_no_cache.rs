use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, control, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// Without `--no-cache` the index that `apk add` fetches stays in the layer. Stages that are
    /// not part of the image are not judged.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk add curl
    /// #       ^^^ `apk add` leaves its index in the layer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl
    /// RUN --mount=type=cache,target=/var/cache/apk apk add jq
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apk-no-cache",
        summary: "`apk add` leaves its index in the layer",
        remedy: "Add `--no-cache`.",
        severity: Low,
        check: Check::Command(check),
        peers: &["hadolint:DL3019", "dockle:DKL-DI-0004", "trivy:DS-0025", "kics:ae9c56a6"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.alpinelinux.org/user-handbook/0.1a/Working/apk.html"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site) else { return };
    if call.family != Family::Apk || !call.installs() || !site.step.ships() {
        return;
    }
    let cached = ["/var/cache/apk", "/etc/apk/cache"];
    let kept_out = call.call.has("--no-cache")
        || call.call.may_have_more_options()
        || cached.into_iter().any(|path| site.leaves_nothing(path));
    if !kept_out {
        let span = call.subcommand.span;
        let edit = Edit { span: careen_text::Span::at(span.end), text: " --no-cache".to_owned() };
        site.report(out, span, "`apk add` leaves its index in the layer").fix(
            "Add `--no-cache`",
            Safety::Safe,
            vec![edit],
        );
    }
}
