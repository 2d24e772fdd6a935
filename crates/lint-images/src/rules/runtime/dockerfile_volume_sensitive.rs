use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::run_config::is_of_kernel;
use crate::subject::{Step, cut};

rule! {
    /// A `VOLUME` over `/dev`, `/proc` or `/sys` hides what the kernel shows there, or keeps it
    /// beyond the container.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// VOLUME /proc
    /// #      ^^^^^ `VOLUME` `/proc` covers files of the kernel
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// VOLUME /var/cache/nginx
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-volume-sensitive",
        summary: "`VOLUME` covers files of the kernel",
        remedy: "Leave the volume out.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["dockle:DKL-DI-0002"],
        security: true,
        references: &["https://docs.docker.com/reference/dockerfile/#volume"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if step.keyword() != Keyword::Volume {
        return;
    }
    for word in step.instruction.words() {
        let path = word.text.trim_end_matches('/');
        if is_of_kernel(path) {
            let path = cut(path);
            let message = format!("`VOLUME` `{path}` covers files of the kernel");
            step.report(out, word.content, message).evidence(path);
        }
    }
}
