use careen_image_model::shell::{Command, Separator};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{Call, CommandSite, cut};

rule! {
    /// What the server sends runs as root in the build, unseen: whoever takes over the server, or
    /// the account that writes the script, owns every image that is built afterwards. Download a
    /// version to a file, check its digest, run it. Not judged: what a program of the build pipes
    /// into a shell.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN curl -fsSL https://example.com/install.sh | sh
    /// #   ^^^^ what `curl` downloads is run by `sh` unseen
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN curl -fsSLo /tmp/install.sh https://example.com/1.4/install.sh \
    ///   && echo "24454f8324454f8324454f8324454f8324454f8324454f8324454f8324454f83  /tmp/install.sh" | sha256sum -c \
    ///   && sh /tmp/install.sh
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-curl-pipe-shell",
        summary: "a download is run unseen",
        remedy: "Download to a file, check its digest, then run it.",
        severity: High,
        check: Check::Command(check),
        peers: &[],
        security: true,
        cwe: &[494],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.docker.com/build/building/best-practices/"],
    }
}

/// Commands of a pipeline that are looked at.
const PIPELINE_MAX: usize = 32;

const LOADERS: [&str; 4] = ["curl", "wget", "fetch", "aria2c"];

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call else { return };
    let program = call.program();
    let Some(loader) = piped(site, call).or_else(|| substituted(site, call)) else { return };
    let shown = cut(program);
    let name = loader.program();
    let message = format!("what `{name}` downloads is run by `{shown}` unseen");
    site.report(out, loader.name.span, message).evidence(name);
}

/// What loads where the command runs its standard input: `curl … | sh`.
fn piped<'a>(site: &CommandSite<'a>, call: Call<'a>) -> Option<Call<'a>> {
    if !site.reads_pipe() || !runs_input(call) {
        return None;
    }
    let before = site.list.get(..site.at)?.iter().rev().take(PIPELINE_MAX);
    // Up to the start of the pipeline.
    let mut ended = false;
    before
        .take_while(|command| {
            let part = !ended && command.after == Separator::Pipe;
            ended = command.before != Separator::Pipe;
            part
        })
        .filter_map(Call::of)
        .find(|call| LOADERS.contains(&call.program()))
}

/// Whether a program reads what it runs from its standard input.
pub(crate) fn runs_input(call: Call<'_>) -> bool {
    let script = call.arguments.iter().find(|word| !word.text.starts_with('-'));
    let asked = call.has("-") || call.short('s', "oc").is_some();
    match call.program() {
        "sh" | "bash" | "ash" | "dash" | "ksh" | "zsh" => script.is_none() || asked,
        "perl" | "ruby" | "node" | "php" | "pwsh" => script.is_none() || call.has("-"),
        python if python.starts_with("python") => script.is_none() || call.has("-"),
        _ => false,
    }
}

/// What loads where the command runs a substitution: `sh -c "$(curl …)"`, `bash <(curl …)`,
/// `eval "$(curl …)"`.
fn substituted<'a>(site: &CommandSite<'a>, call: Call<'a>) -> Option<Call<'a>> {
    let loads = |command: &&Command| {
        Call::of(command).is_some_and(|call| LOADERS.contains(&call.program()))
    };
    let nested = &site.command.nested;
    let first = call.arguments.iter().find(|word| !word.text.starts_with('-'));
    let first = first.map_or("", |word| word.text.as_str());
    let opens = first.starts_with("$(") || first.starts_with('`') || first.starts_with("<(");
    let runs = match call.program() {
        "eval" | "source" | "." | "sh" | "bash" | "ash" | "dash" | "ksh" | "zsh" => opens,
        // The program itself is what the substitution gives.
        program => program.starts_with("$(") || call.name.text.starts_with("$("),
    };
    if !runs {
        return None;
    }
    let inner = nested.iter().flat_map(|command| std::iter::once(command).chain(&command.nested));
    inner.into_iter().find(loads).and_then(Call::of)
}
