use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{Build, Call};

rule! {
    /// `curl` and `wget` do the same. An image that needs one of them to fetch files does not need
    /// the other: it is weight, one more thing to patch, and a second set of options and proxy
    /// settings to know.
    ///
    /// Off by default, as many base images bring both. Only stages that are part of the image are
    /// looked at.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN curl -fsSLO https://example.com/a.tar
    /// RUN wget -q https://example.com/b.tar
    /// #   ^^^^ both `curl` and `wget` fetch files for the image
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2 AS build
    /// RUN wget -q https://example.com/b.tar
    /// FROM debian:13.2
    /// COPY --from=build /b.tar /
    /// RUN curl -fsSLO https://example.com/a.tar
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-wget-and-curl",
        summary: "both `wget` and `curl` are used",
        remedy: "Use one of them.",
        severity: Info,
        check: Check::Dockerfile(check),
        default: false,
        peers: &["hadolint:DL4001", "trivy:DS-0014", "kics:fc775e75"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/"],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut first: Option<&str> = None;
    for step in build.steps().filter(|step| step.ships()) {
        for call in shell::walk(step.commands()).filter_map(Call::of) {
            let program = call.program();
            if !matches!(program, "wget" | "curl") {
                continue;
            }
            match first {
                Some(known) if known != program => {
                    let message = "both `curl` and `wget` fetch files for the image";
                    step.report(out, call.name.span, message);
                    return;
                }
                _ => first = Some(program),
            }
        }
    }
}
