use careen_image_model::dockerfile::Keyword;
use careen_image_model::shell::{self, Command, Redirect, Separator};
use careen_image_model::{Pair, Word};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::mounts::{self, SecretMount};
use crate::secret_name;
use crate::subject::{Call, Step, cut};

rule! {
    /// A secret that is mounted with `RUN --mount=type=secret` is gone when the step ends. What the
    /// step writes is not: a copy of the secret in a file, or in the configuration of `git` or
    /// `npm`, stays in the layer for everybody who can pull the image. Deleting the file in the
    /// same `RUN` is fine, and so are stages that do not ship.
    ///
    /// The other half of the mistake: the value of an `ARG` as the password in an address or a
    /// header. It stays in the image's history and provenance; mount it.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// ARG GITHUB_PAT
    /// RUN git clone https://x:${GITHUB_PAT}@github.com/acme/shop.git
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `ARG` `GITHUB_PAT` is used as a secret, and stays in the image's history
    /// RUN --mount=type=secret,id=db cp /run/secrets/db /srv/db.conf
    /// #                                ^^^^^^^^^^^^^^^ `cp` writes the secret `/run/secrets/db` into the image
    /// RUN --mount=type=secret,id=k,target=/k echo "key=$(cat /k)" > /srv/app.ini
    /// #                                                           ^^^^^^^^^^^^^^ `echo` writes the secret `/k` into the image
    /// RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm config set "//r.example.com/:_authToken=$NPM_TOKEN"
    /// #                                            ^^^ `npm` writes the secret `NPM_TOKEN` into the image
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2 AS build
    /// RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
    /// RUN --mount=type=secret,id=a cp /run/secrets/a /a
    /// FROM debian:13.2
    /// RUN --mount=type=secret,id=a TOKEN=$(cat /run/secrets/a) make
    /// RUN --mount=type=secret,id=a cat /run/secrets/a > /tmp/a && make && rm /tmp/a
    /// RUN --mount=type=secret,id=a --mount=type=tmpfs,target=/t cp /run/secrets/a /t/a && make
    /// RUN --mount=type=secret,id=a sha256sum /run/secrets/a >/dev/null 2>&1
    /// RUN --mount=type=ssh git clone git@github.com:acme/shop.git
    /// ARG GIT_USER HOST
    /// RUN git clone https://$GIT_USER@$HOST/acme/shop.git && curl https://$HOST:8443/a@b
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-run-mount-secret",
        summary: "a build's secret is written into the image",
        remedy: "Use the secret from where it is mounted, and write nothing that holds it.",
        severity: High,
        check: Check::Instruction(check),
        security: true,
        cwe: &[538, 522],
        controls: &[control::SECRETS_NOT_IN_REPO, control::SECRETS_IN_VAULT],
        references: &["https://docs.docker.com/build/building/secrets/"],
    }
}

/// Commands of one `RUN` that are looked at.
const COMMANDS_MAX: usize = 256;
/// Instructions above a `RUN` that are looked at for an `ARG`.
const STEPS_MAX: usize = 200;
/// Secrets of one `RUN` that are looked for.
const SECRETS_MAX: usize = 4;

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if step.keyword() != Keyword::Run || step.commands().is_empty() {
        return;
    }
    if step.ships() {
        let secrets = mounts::secrets(step);
        let mut said: Option<Span> = None;
        for secret in secrets.iter().take(SECRETS_MAX) {
            let holders = holders(step, secret);
            for command in shell::walk(step.commands()).take(COMMANDS_MAX) {
                let Some(span) = written(step, command, secret, &holders) else { continue };
                if said.is_some_and(|said| said.overlaps(span)) {
                    continue;
                }
                said = Some(span);
                let program = cut(command.program());
                let path = secret.path.as_deref().or(secret.variable).unwrap_or_default();
                let message =
                    format!("`{program}` writes the secret `{}` into the image", cut(path));
                step.report(out, span, message).evidence(cut(path));
            }
        }
    }
    arguments(step, out);
}

/// The variables that hold the secret: its own, and those that its file is read into.
fn holders<'a>(step: Step<'a>, secret: &SecretMount<'a>) -> Vec<&'a str> {
    let mut names: Vec<&str> = secret.variable.into_iter().collect();
    let Some(path) = &secret.path else { return names };
    let reads = |text: &str| text.contains("$(") && mentions(text, path);
    for command in shell::walk(step.commands()).take(COMMANDS_MAX) {
        let assigned = command.assignments.iter();
        let assigned = assigned
            .filter(|pair: &&Pair| pair.value.as_ref().is_some_and(|value| reads(&value.text)));
        names.extend(assigned.map(|pair| pair.key.text.as_str()));
        if command.program() == "export" {
            let exported = command.arguments().iter().filter_map(|word| word.text.split_once('='));
            names.extend(exported.filter(|(_, value)| reads(value)).map(|(name, _)| name));
        }
        names.truncate(16);
    }
    names
}

/// Where a command writes the secret, for certain, to a file that stays.
fn written(
    step: Step<'_>,
    command: &Command,
    secret: &SecretMount<'_>,
    holders: &[&str],
) -> Option<Span> {
    let call = Call::of(command)?;
    let path = secret.path.as_deref();
    let is_file = |word: &Word| path == Some(word.text.as_str());
    let shows = |word: &Word| {
        path.is_some_and(|path| word.text.contains("$(") && mentions(&word.text, path))
            || holders.iter().any(|name| uses(&word.text, name))
    };
    match call.program() {
        "cp" | "install" | "mv" => {
            let (target, sources) = call.arguments.split_last()?;
            let source = sources.iter().find(|word| is_file(word))?;
            stays(step, target).then_some(source.span)
        }
        "cat" | "base64" | "tac" | "head" | "tail" | "tr" | "sed" | "dd" => {
            let read = |redirect: &Redirect| {
                redirect.operator == "<" && redirect.target.as_ref().is_some_and(is_file)
            };
            let reads = call.arguments.iter().any(is_file) || command.redirects.iter().any(read);
            if !reads {
                return None;
            }
            output(step, command)
        }
        "echo" | "printf" if call.arguments.iter().any(shows) => output(step, command),
        "git" if call.has("config") && call.arguments.iter().any(shows) => {
            (!takes_back(step)).then_some(call.name.span)
        }
        "npm" | "yarn" | "pnpm" | "pip" | "pip3" | "composer" | "bundle" | "poetry" | "aws"
            if (call.has("config") || call.has("configure"))
                && call.arguments.iter().any(shows) =>
        {
            (!takes_back(step)).then_some(call.name.span)
        }
        _ => None,
    }
}

/// Where the standard output goes to, if that is a file that stays: its own, or that of the `tee`
/// behind a pipe.
fn output(step: Step<'_>, command: &Command) -> Option<Span> {
    let redirect = command.redirects.iter().find(|redirect| {
        matches!(redirect.operator.as_str(), ">" | ">>" | ">|" | "&>")
            && redirect.descriptor.is_none_or(|descriptor| descriptor == 1)
    });
    if let Some(redirect) = redirect {
        let target = redirect.target.as_ref()?;
        return stays(step, target).then_some(redirect.span);
    }
    if command.after != Separator::Pipe {
        return None;
    }
    let next = step.commands().iter().find(|one| one.span.start > command.span.end)?;
    let call = Call::of(next).filter(|call| call.program() == "tee")?;
    let file = call.arguments.iter().find(|word| !word.text.starts_with('-'))?;
    stays(step, file).then_some(file.span)
}

/// Whether a file is in the layer when the step is done.
fn stays(step: Step<'_>, file: &Word) -> bool {
    let path = file.text.as_str();
    let gone = path.starts_with("/dev/")
        || path.starts_with("/proc/")
        || path.starts_with("/run/secrets/")
        || path.contains('$')
        || path.is_empty()
        || step.keeps_out_of_layer(path);
    if gone {
        return false;
    }
    let removes = |command: &Command| {
        Call::of(command).is_some_and(|call| {
            matches!(call.program(), "rm" | "shred" | "unlink" | "mv" | "trap")
                && call.arguments.iter().any(|word| {
                    let word = word.text.trim_end_matches(['*', '/']);
                    !word.is_empty() && (path.starts_with(word) || word.contains(path))
                })
        })
    };
    !shell::walk(step.commands()).take(COMMANDS_MAX).any(removes)
}

/// Whether a step undoes a change of some configuration, as far as can be told.
fn takes_back(step: Step<'_>) -> bool {
    shell::walk(step.commands()).take(COMMANDS_MAX).filter_map(Call::of).any(|call| {
        matches!(call.program(), "rm" | "shred")
            || ["--unset", "--unset-all", "--remove-section", "delete", "unset", "rm", "logout"]
                .iter()
                .any(|word| call.has(word))
    })
}

/// Whether a text names a file, and no other whose name goes on.
fn mentions(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let next = text.get(at + path.len()..).and_then(|rest| rest.chars().next());
        next.is_none_or(|next| !next.is_alphanumeric() && !matches!(next, '_' | '-' | '.' | '/'))
    })
}

/// Whether a text uses a variable.
fn uses(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + name.len()..).and_then(|rest| rest.chars().next());
        let ends = after.is_none_or(|next| !next.is_alphanumeric() && next != '_');
        ends && (before.ends_with('$') || before.ends_with("${"))
    })
}

/// Values of an `ARG` that are the password of an address or a header.
fn arguments(step: Step<'_>, out: &mut Sink<'_>) {
    let source = step.build.dockerfile.source.slice(step.instruction.extent);
    if !source.contains('$') || !source.contains(['@', ':']) {
        return;
    }
    let Some(stage) = step.stage() else { return };
    let first = stage.stage.instructions.start.max(step.index.saturating_sub(STEPS_MAX));
    let declared: Vec<&str> = (first..step.index)
        .filter_map(|index| step.build.step(index))
        .filter(|one| one.keyword() == Keyword::Arg && !one.triggered)
        .flat_map(|one| one.instruction.pairs())
        .map(|pair| pair.key.text.as_str())
        // Names that say it have been told.
        .filter(|name| !secret_name::is_secret(name))
        .take(64)
        .collect();
    if declared.is_empty() {
        return;
    }
    for command in shell::walk(step.commands()).take(COMMANDS_MAX) {
        for word in &command.words {
            let secret = password_of(&word.text);
            let Some(name) = secret.and_then(|text| declared.iter().find(|one| uses(text, one)))
            else {
                continue;
            };
            let name = cut(name);
            let message =
                format!("`ARG` `{name}` is used as a secret, and stays in the image's history");
            let finding = step.report(out, word.span, message);
            finding.evidence(name);
            if !step.ships() {
                finding.severity(Severity::Low);
            }
        }
    }
}

/// Whether a variable's name says that it holds the name of an account.
fn names_account(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    ["USER", "LOGIN", "NAME", "ACCOUNT"].iter().any(|word| upper.contains(word))
}

/// The part of a word that is a password for certain: of an address, or of a header.
fn password_of(text: &str) -> Option<&str> {
    if let Some((_, rest)) = text.split_once("://") {
        let authority = rest.split('/').next()?;
        let (account, _) = authority.rsplit_once('@')?;
        let password = match account.split_once(':') {
            Some((_, password)) => password,
            // The name of an account alone is no secret; a token takes its place.
            None if names_account(account) => return None,
            None => account,
        };
        return (!password.contains("$(")).then_some(password);
    }
    let start = text.get(..14)?;
    let is_header = start.eq_ignore_ascii_case("authorization:");
    is_header.then(|| text.get(14..)).flatten().filter(|value| !value.contains("$("))
}
