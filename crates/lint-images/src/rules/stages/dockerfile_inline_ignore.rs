use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::Build;

rule! {
    /// Comments that switch a linter off are decisions without a reviewer. Where exceptions are
    /// kept in one place, such as a configuration file, this rule finds those that are not. Off
    /// unless asked for.
    ///
    /// ```dockerfile bad
    /// # check=skip=JSONArgsRecommended
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a comment switches checks of `docker build` off
    /// FROM debian:13.2
    /// # hadolint ignore=DL3008
    /// ^^^^^^^^^^^^^^^^^^^^^^^^ a comment switches checks of `hadolint` off
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl
    /// # trivy:ignore:DS-0002
    /// ^^^^^^^^^^^^^^^^^^^^^^ a comment switches checks of `trivy` off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// # check=error=true
    /// FROM debian:13.2
    /// # We ignore hadolint here.
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-inline-ignore",
        summary: "a comment switches a linter off",
        remedy: "Keep exceptions in the linter's configuration.",
        severity: Info,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL1001"],
        default: false,
        references: &["https://docs.docker.com/reference/dockerfile/#check"],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    /// How comments begin that switch something off, in lower case and without blanks.
    const STARTS: [(&str, &str); 9] = [
        ("careen:ignore", "careen"),
        ("hadolintignore=", "hadolint"),
        ("hadolintglobalignore=", "hadolint"),
        ("shellcheckdisable=", "shellcheck"),
        ("checkov:skip=", "checkov"),
        ("trivy:ignore:", "trivy"),
        ("tfsec:ignore:", "tfsec"),
        ("kics-scanignore", "kics"),
        ("nosemgrep", "semgrep"),
    ];
    let dockerfile = build.dockerfile;
    for directive in &dockerfile.directives {
        let skips = directive.value.text.split(';').any(|part| {
            let part = part.trim().to_ascii_lowercase();
            part.strip_prefix("skip").is_some_and(|rest| rest.trim_start().starts_with('='))
        });
        if directive.name.is_ignoring_case("check") && skips {
            let message = "a comment switches checks of `docker build` off";
            out.report(directive.span, message).object(build.object(None));
        }
    }
    for comment in &dockerfile.comments {
        let start: String =
            comment.text.chars().filter(|one| !one.is_whitespace()).take(24).collect();
        let start = start.to_ascii_lowercase();
        if let Some((_, tool)) = STARTS.iter().find(|(known, _)| start.starts_with(known)) {
            let message = format!("a comment switches checks of `{tool}` off");
            out.report(comment.span, message).object(build.object(None)).evidence(*tool);
        }
    }
}
