use careen_image_model::Joined;
use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{Confidence, SnapshotSink, rule};
use careen_yaml::Node;

use crate::Check;
use crate::subject::Built;

rule! {
    /// A program that a shell starts is not process 1: the shell is, and hands no signal on. The
    /// container does not stop when it is told to, and is killed when the grace period is over,
    /// with requests in its hands. With an `Entrypoint` of this form `Cmd` is not heeded at all.
    /// Fine if the last command is `exec program`.
    ///
    /// ```image bad file=app
    /// # finds config.json @ ["/bin/sh","-c","node server.js"]: `Entrypoint` of image `app` is a shell, which hands no signal on
    /// config: {Entrypoint: [/bin/sh, -c, node server.js]}
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ ["/bin/bash","-o","pipefail","-c","/run.sh"]: `Cmd` of image `app` is a shell
    /// config: {Cmd: [/bin/bash, -o, pipefail, -c, /run.sh]}
    /// ```
    /// ```image good file=app
    /// config: {Entrypoint: [/bin/sh, -c, "cd /app && exec node server.js"]}
    /// ```
    /// ```image good file=app
    /// config: {Entrypoint: [/entrypoint.sh], Cmd: [sh, -c, node server.js]}
    /// ```
    /// ```image good file=app
    /// config: {Cmd: [/bin/sh]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-shell-entrypoint",
        summary: "image starts its program by a shell",
        remedy: "Write `ENTRYPOINT` and `CMD` as JSON arrays, or begin the last command with `exec`.",
        severity: Low,
        check: Check::Image(check),
        confidence: Confidence::High,
        references: &["https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let config = &built.image.config;
    // Behind an entrypoint, `Cmd` is no more than its arguments.
    let starter = ["Entrypoint", "Cmd"].into_iter().find(|name| !config.words(name).is_empty());
    let Some(name) = starter else { return };
    let words: Vec<&str> = config.words(name).iter().filter_map(Node::as_str).collect();
    let Some((program, rest)) = words.split_first() else { return };
    let program = program.rsplit('/').next().unwrap_or_default();
    if !["sh", "bash", "ash", "dash"].contains(&program) {
        return;
    }
    let gives_script = |word: &&str| word.starts_with('-') && word.ends_with('c');
    let Some(at) = rest.iter().position(gives_script) else { return };
    let Some(script) = rest.get(at + 1) else { return };
    let commands = shell::commands(&Joined::verbatim(script, 0));
    if commands.last().is_some_and(|last| last.program() != "exec") {
        let message =
            format!("`{name}` of image `{}` is a shell, which hands no signal on", built.name());
        built.report_config(out, config.at(&["config", name]), message);
    }
}
