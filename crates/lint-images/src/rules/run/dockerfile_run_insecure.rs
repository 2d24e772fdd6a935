use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::Step;

rule! {
    /// `--security=insecure` runs the step with all privileges on the machine that builds, and
    /// `--network=host` in its network: what the step downloads can reach the builder and its
    /// neighbours.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN --security=insecure mount -t tmpfs tmpfs /mnt
    /// #   ^^^^^^^^^^^^^^^^^^^ `--security=insecure` opens the builder to this step
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN --network=none make
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-run-insecure",
        summary: "a build step gets the privileges or the network of the builder",
        remedy: "Leave the flag out.",
        severity: High,
        check: Check::Instruction(check),
        security: true,
        cwe: &[250],
        references: &["https://docs.docker.com/reference/dockerfile/#run---security"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if step.keyword() != Keyword::Run {
        return;
    }
    for flag in &step.instruction.flags {
        let value = flag.value.as_ref().map_or("", |value| value.text.as_str());
        if matches!((flag.name.as_str(), value), ("security", "insecure") | ("network", "host")) {
            let message = format!("`--{}={value}` opens the builder to this step", flag.name);
            step.report(out, flag.span, message).evidence(value);
        }
    }
}
