use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::expose::{Port, ports};
use crate::subject::{Step, cut};

rule! {
    /// `EXPOSE` takes a port of the container. An address or a port of the host belongs to `docker
    /// run --publish` or to the manifest; here it stops the build.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// EXPOSE 8080:80
    /// #      ^^^^^^^ `8080:80` is no port of the container
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// EXPOSE 8080
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-expose-format",
        summary: "`EXPOSE` has an address or a mapping",
        remedy: "Name the port of the container only.",
        severity: Medium,
        check: Check::Instruction(check),
        peers: &["buildx:ExposeInvalidFormat"],
        references: &["https://docs.docker.com/reference/build-checks/expose-invalid-format/"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    for (word, _) in ports(step).filter(|(_, port)| *port == Port::Malformed) {
        let text = cut(&word.text);
        let message = format!("`{text}` is no port of the container");
        step.report(out, word.content, message).evidence(text);
    }
}
