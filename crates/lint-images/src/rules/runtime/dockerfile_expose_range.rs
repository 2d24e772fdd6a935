use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::expose::{Port, ports};
use crate::subject::{Step, cut};

rule! {
    /// Ports go to 65535. The build stops at what lies beyond.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// EXPOSE 80800
    /// #      ^^^^^ port `80800` is beyond 65535
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// EXPOSE 8080/tcp 9000-9010
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-expose-range",
        summary: "`EXPOSE` names no port",
        remedy: "Name a port up to 65535.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["hadolint:DL3011", "trivy:DS-0008", "kics:71bf8cf8"],
        references: &["https://docs.docker.com/reference/dockerfile/#expose"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    for (word, port) in ports(step) {
        let Port::Range(first, last) = port else { continue };
        let text = cut(&word.text);
        if last.max(first) > 65535 {
            let message = format!("port `{text}` is beyond 65535");
            step.report(out, word.content, message).evidence(text);
        } else if first > last {
            let message = format!("the range `{text}` ends before it starts");
            step.report(out, word.content, message).evidence(text);
        }
    }
}
