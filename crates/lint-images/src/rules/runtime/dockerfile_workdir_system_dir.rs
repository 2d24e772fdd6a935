use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{Step, cut};

rule! {
    /// A working directory among the kernel's or the system's own files: what the program writes
    /// there is lost, is refused, or breaks the system.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// WORKDIR /proc/app
    /// #       ^^^^^^^^^ `WORKDIR` `/proc/app` is a folder of the system
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// WORKDIR /app
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-workdir-system-dir",
        summary: "`WORKDIR` is a folder of the system",
        remedy: "Use a folder of your own, such as `/app`.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["trivy:DS-0030"],
        references: &["https://docs.docker.com/reference/dockerfile/#workdir"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    const ALL_OF: [&str; 4] = ["/proc", "/sys", "/dev", "/boot"];
    const ITSELF: [&str; 8] =
        ["/etc", "/bin", "/sbin", "/lib", "/lib64", "/usr/bin", "/usr/sbin", "/usr/lib"];
    if step.keyword() != Keyword::Workdir {
        return;
    }
    let Some(word) = step.instruction.words().first() else { return };
    let path = word.text.trim_end_matches('/');
    let below = |folder: &str| {
        path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if ITSELF.contains(&path) || (ALL_OF.into_iter().any(below) && path != "/dev/shm") {
        let path = cut(path);
        let message = format!("`WORKDIR` `{path}` is a folder of the system");
        step.report(out, word.content, message).evidence(path);
    }
}
