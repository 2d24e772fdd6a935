use std::collections::HashSet;
use std::ops::Range;

use careen_image_model::dockerfile::Keyword;
use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::history::{Act, Given, History, PastStep};
use crate::secret_name::{self, Value};
use crate::secret_place::{Place, Secrets};
use crate::subject::{Built, cut};

rule! {
    /// `docker history` shows how an image was made, to everybody who can pull it: the value of
    /// every build argument that a step could see, every variable that was set on the way, and the
    /// text of every command. Neither a later `ENV` nor deleting files takes that back. Mount the
    /// secret while it is needed (`RUN --mount=type=secret,id=…`), build anew, and replace the
    /// secret.
    ///
    /// The name tells: `NPM_TOKEN`, `DB_PASSWORD`. What is still set when the image runs is the
    /// matter of `image-env-secret`.
    ///
    /// ```image bad file=app
    /// # finds config.json @ NPM_TOKEN=********: the history of image `app` shows `NPM_TOKEN`, a build argument
    /// history:
    ///   - ARG NPM_TOKEN
    ///   - "RUN |2 NPM_TOKEN=s3cr3t-0 HTTP_PROXY=x /bin/sh -c npm ci && npm cache clean # buildkit"
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ DB_PASSWORD=********: the history of image `app` shows `DB_PASSWORD`, which `ENV` set
    /// config: {Env: [DB_PASSWORD=]}
    /// history: ["/bin/sh -c #(nop)  ENV DB_PASSWORD=two words", "/bin/sh -c #(nop)  ENV DB_PASSWORD="]
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ API_KEY='********': the history of image `app` shows `API_KEY`, which a command was given
    /// history: ["RUN /bin/sh -c apk add jq && API_KEY='s3cr3t-1' ./fetch # buildkit"]
    /// ```
    /// ```image good file=app
    /// config: {Env: [DB_PASSWORD=hunter2]}
    /// history:
    ///   - ARG NPM_TOKEN
    ///   - "ENV DB_PASSWORD=hunter2"
    ///   - "RUN |1 TOKEN_URL=https://example.com /bin/sh -c NPM_TOKEN=$(cat /run/secrets/npm) npm ci # buildkit"
    ///   - "RUN /bin/sh -c export GNUPGHOME=/tmp && PASSWORD=$P make # buildkit"
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-history-secret",
        summary: "history of an image shows a secret",
        remedy: "Mount the secret with `RUN --mount=type=secret`, build anew, and replace the secret.",
        severity: Critical,
        check: Check::Image(check),
        confidence: Confidence::High,
        peers: &["dockle:CIS-DI-0010", "trivy:DS-0031", "cis:4.10"],
        security: true,
        cwe: &[798, 538],
        controls: &[control::SECRETS_NOT_IN_REPO, control::SECRETS_IN_VAULT],
        references: &["https://docs.docker.com/build/building/secrets/"],
    }
}

/// A value with what is known of how it got there.
struct Shown<'a> {
    name: &'a str,
    value: &'a str,
    whole: Range<usize>,
    place: Range<usize>,
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    // What is still set.
    let set: HashSet<(&str, &str)> =
        built.image.config.variables().map(|one| (one.name, one.value)).collect();
    let mut secrets = Secrets::of(built);
    for step in &History::of(built).steps {
        match &step.act {
            Act::Run { arguments, .. } => {
                for given in arguments {
                    report(&mut secrets, out, step, &Shown::of(given), "a build argument");
                }
                check_commands(&mut secrets, out, step);
            }
            Act::Instruction(keyword @ (Keyword::Env | Keyword::Arg), words) => {
                for given in Given::all(step.text, words.clone()) {
                    if *keyword == Keyword::Arg || !set.contains(&(given.name, given.value)) {
                        let how = format!("which `{}` set", keyword.name());
                        report(&mut secrets, out, step, &Shown::of(&given), &how);
                    }
                }
            }
            _ => {}
        }
    }
}

fn check_commands(secrets: &mut Secrets<'_>, out: &mut SnapshotSink<'_>, step: &PastStep<'_>) {
    // Commands with no `=` set nothing, and are not taken apart.
    if !step.text.contains('=') {
        return;
    }
    let commands = step.commands();
    for pair in shell::walk(&commands).flat_map(|command| &command.assignments) {
        let Some(value) = pair.value.as_ref().filter(|value| value.literal) else { continue };
        if !value.text.contains('$') {
            let shown = Shown {
                name: &pair.key.text,
                value: &value.text,
                whole: pair.span.range(),
                place: value.content.range(),
            };
            report(secrets, out, step, &shown, "which a command was given");
        }
    }
}

impl<'a> Shown<'a> {
    fn of(given: &Given<'a>) -> Self {
        let (whole, place) = (given.whole.clone(), given.place.clone());
        Self { name: given.name, value: given.value, whole, place }
    }
}

fn report(
    secrets: &mut Secrets<'_>,
    out: &mut SnapshotSink<'_>,
    step: &PastStep<'_>,
    shown: &Shown<'_>,
    how: &str,
) {
    let kind = secret_name::value(shown.value);
    if kind == Value::None || !secret_name::is_secret(shown.name) {
        return;
    }
    let name = cut(shown.name);
    let message = format!("the history of image `{}` shows `{name}`, {how}", secrets.image());
    let (whole, value) = (shown.whole.clone(), shown.place.clone());
    let place = Place { node: step.node, shown: Some(whole), value };
    secrets.report(out, &place, kind, message).evidence(name);
}
