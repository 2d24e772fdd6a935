use careen_image_model::shell::{self, Separator};
use careen_model::Context;
use careen_rule::{Severity, Sink, rule};

use crate::Check;
use crate::rules::downloads::dockerfile_curl_pipe_shell::runs_input;
use crate::subject::{Call, Shell, Step, cut};

rule! {
    /// A pipe succeeds when its last command does: `curl … | tar x` that gets half a file, `wget …
    /// | sort` that gets none, and the build goes on with what there is. `SHELL ["/bin/bash", "-o",
    /// "pipefail", "-c"]` (Alpine: `/bin/ash`), or `set -o pipefail` in the `RUN`, stops it. Pipes
    /// that start with a command that does not fail, such as `echo`, are not judged; with one that
    /// downloads the finding is graver. A download that a shell runs is left to
    /// `dockerfile-curl-pipe-shell`: what heals it takes the pipe away.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN curl -fsSL https://example.com/a.tar.gz | tar xz -C /opt
    /// #   ^^^^ nothing notices when `curl` fails in front of the pipe
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    /// RUN curl -fsSL https://example.com/a.tar.gz | tar xz -C /opt
    /// RUN echo y | cat
    /// SHELL ["/bin/sh", "-c"]
    /// RUN curl -fsSL https://example.com/install.sh | sh -s -- --yes
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-pipefail",
        summary: "a failure in front of a pipe goes unnoticed",
        remedy: "Set `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]`.",
        severity: Medium,
        check: Check::Instruction(check),
        peers: &["hadolint:DL4006", "kics:efbf148a"],
        references: &["https://docs.docker.com/build/building/best-practices/#using-pipes"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    const LOADERS: [&str; 7] = ["curl", "wget", "git", "aws", "gsutil", "gcloud", "ssh"];
    if step.shell != (Shell::Posix { pipefail: false, explicit: false })
        && step.shell != (Shell::Posix { pipefail: false, explicit: true })
    {
        return;
    }
    let is_loader = |call: &Call<'_>| LOADERS.contains(&call.program());
    let (mut first, mut head) = (None, None);
    for command in shell::walk(step.commands()) {
        let call = Call::of(command);
        if command.before != Separator::Pipe {
            head = call.filter(|call| !never_fails(call.program()));
            continue;
        }
        if call.is_some_and(runs_input) {
            head = head.filter(|call| !is_loader(call));
        }
        if command.after == Separator::Pipe {
            continue;
        }
        let Some(call) = head.take() else { continue };
        if is_loader(&call) {
            first = Some((call, Severity::Medium));
            break;
        }
        first.get_or_insert((call, Severity::Low));
    }
    let Some((call, severity)) = first else { return };
    let text = step.build.dockerfile.source.slice(step.instruction.extent);
    if !text.contains("pipefail") {
        let program = cut(call.program());
        let message = format!("nothing notices when `{program}` fails in front of the pipe");
        step.report(out, call.name.span, message).severity(severity).evidence(program);
    }
}

/// Whether a program practically always succeeds.
fn never_fails(program: &str) -> bool {
    const PROGRAMS: [&str; 18] = [
        ":", "arch", "basename", "cat", "date", "dirname", "dpkg", "echo", "env", "getconf", "id",
        "ls", "nproc", "printf", "seq", "true", "uname", "yes",
    ];
    PROGRAMS.contains(&program) || program.is_empty()
}
