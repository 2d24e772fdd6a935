use std::collections::HashMap;

use careen_image_model::dockerfile::{Arguments, BaseKind, Instruction, Keyword};
use careen_image_model::{Joined, Word};
use careen_model::Context;
use careen_rule::{Confidence, Sink, rule};

use crate::Check;
use crate::shell_checks::{self, Dialect, Surroundings};
use crate::subject::{Build, Shell, Step};
use crate::variables::Definitions;

rule! {
    /// Mistakes in the shell text of `RUN`, also in heredocs: syntax that the shell refuses or reads
    /// otherwise than it looks, words that are split where they should not be, failures that go
    /// unnoticed, and what bash has and the `sh` of the image has not. Each message ends with the
    /// name of its check.
    ///
    /// | severity | checks |
    /// |---|---|
    /// | high: the step stops, or does not do what stands there | `comment-swallows`, `unclosed-quote`, `reserved-word-argument`, `no-break-space`, `missing-space`, `ampersand-semicolon`, `function-parameters`, `function-body-space`, `dollar-assignment`, `spaces-around-equals`, `reserved-word-case`, `dollar-iterator`, `comment-space`, `eval-parenthesis` |
    /// | medium: most likely a mistake | `slanted-tick`, `literal-brace`, `double-equals`, `space-after-equals`, `array-braces`, `unset-variable`, `unchecked-cd`, `needs-bash` |
    /// | low: hurts in rare circumstances | `quote-over-lines`, `useless-escape`, `echo-escapes`, `unquoted-command`, `masked-failure` |
    /// | info: style | `unquoted-variable`, `lone-dollar`, `word-between-quotes`, `glob-as-option`, `and-or`, `useless-cat` |
    ///
    /// Off unless asked for: the checks of style fire on most files. `needs-bash` speaks where the
    /// base image tells which shell its `sh` is; the text of a `SHELL` that is no shell of the
    /// POSIX family is not read.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN apt-get update \
    ///     && make # build it \
    /// #           ^ the comment runs on over the joined lines: what follows is not run (comment-swallows)
    ///     && make install
    /// RUN echo it's done
    /// #          ^ the quote is not closed (unclosed-quote)
    /// RUN if [ -f /a ] then echo b; fi
    /// #                ^^^^ `then` is an argument here
    /// RUN foo = bar
    /// #   ^^^^^ `foo` is run, and not set
    /// RUN cd /srv/app; make
    /// #   ^^ what follows runs in the wrong folder where `cd` fails (unchecked-cd)
    /// RUN [[ -f /a ]] && make
    /// #   ^^ `dash`, the `sh` of this image, has no `[[` (needs-bash)
    /// RUN rm -r $(cat /list)
    /// #         ^^^^^^^^^^^^ what `cat` prints is split at blanks: quote the substitution (unquoted-command)
    /// RUN echo "$verison"
    /// #         ^^^^^^^^ `verison` is set nowhere (unset-variable)
    /// RUN export A=$(make version) && make
    /// #          ^^^^^^^^^^^^^^^^^ `export` hides whether
    /// RUN cat /a | sort
    /// #   ^^^ the next command can read the file without `cat` (useless-cat)
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// ENV app=/srv
    /// ARG VERSION=1.2
    /// RUN set -eu; \
    ///     # a comment of the Dockerfile
    ///     if [ -f /a ]; then echo "it's done"; fi; \
    ///     cd $app/$VERSION; \
    ///     for i in 1 2; do echo "$i done" "${x:-}"; done
    /// RUN version="$(make version)" && rm -r "/opt/$version" ./*.log "$(pwd)"
    /// SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    /// RUN [[ -f /a ]] && make || true
    /// RUN <<EOF
    /// set -e
    /// cd /srv/app
    /// make
    /// EOF
    /// RUN ["/bin/sh", "-c", "cd /x; make"]
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-shell-lint",
        summary: "a mistake in the shell text of `RUN`",
        remedy: "Change the script as the message says.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &[
            "hadolint:SC1000",
            "hadolint:SC1001",
            "hadolint:SC1007",
            "hadolint:SC1010",
            "hadolint:SC1018",
            "hadolint:SC1035",
            "hadolint:SC1045",
            "hadolint:SC1065",
            "hadolint:SC1066",
            "hadolint:SC1068",
            "hadolint:SC1077",
            "hadolint:SC1078",
            "hadolint:SC1079",
            "hadolint:SC1081",
            "hadolint:SC1083",
            "hadolint:SC1086",
            "hadolint:SC1087",
            "hadolint:SC1095",
            "hadolint:SC1097",
            "hadolint:SC1098",
            "hadolint:SC1099",
            "hadolint:SC2002",
            "hadolint:SC2015",
            "hadolint:SC2026",
            "hadolint:SC2028",
            "hadolint:SC2035",
            "hadolint:SC2039",
            "hadolint:SC2046",
            "hadolint:SC2086",
            "hadolint:SC2140",
            "hadolint:SC2154",
            "hadolint:SC2155",
            "hadolint:SC2164",
        ],
        default: false,
        references: &[
            "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html",
        ],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    let definitions = Definitions::of(build);
    let one_words = one_words(build);
    let mut shell: Option<&Instruction> = None;
    for step in build.steps() {
        match step.keyword() {
            Keyword::From => shell = shell_below(step),
            Keyword::Shell if !step.triggered => shell = Some(step.instruction),
            _ => {}
        }
        if step.keyword() != Keyword::Run || step.shell == Shell::Foreign || step.is_windows() {
            continue;
        }
        let (Arguments::Shell(text), Some(stage)) =
            (&step.instruction.arguments, step.instruction.stage)
        else {
            continue;
        };
        let mut dialect = dialect(step, shell);
        let mut script = text;
        let mut errexit = shell.is_some_and(|shell| shell.words().iter().any(has_errexit));
        if let Some(heredoc) = step.instruction.heredocs.first()
            && text.text().trim_start().starts_with("<<")
            && text.whole() == heredoc.span
        {
            script = &heredoc.body;
            match shebang(script) {
                Some(None) => continue,
                Some(Some(own)) => (dialect, errexit) = (own, false),
                None => {}
            }
        }
        let mounted = |name: &str| {
            let mut mounts = step.instruction.flags("mount").take(32);
            mounts.any(|mount| mount.field("env").is_some_and(|env| env.text == name))
        };
        let around = Surroundings {
            dialect,
            errexit,
            is_set: &|name| mounted(name) || definitions.is_set(name, stage, step.index),
            is_one_word: &|name| one_words.get(name).copied().unwrap_or(false),
        };
        for defect in shell_checks::check(script, &around) {
            let name = defect.message.rsplit_once(" (").map_or("", |(_, name)| name);
            let name = name.trim_end_matches(')').to_owned();
            let finding = step.report(out, defect.span, defect.message);
            finding.severity(defect.severity).confidence(Confidence::Medium).evidence(name);
        }
    }
}

/// The variables of the file, and whether each value that one is given is a word without blanks and
/// wildcards.
fn one_words<'a>(build: &Build<'a>) -> HashMap<&'a str, bool> {
    let mut known = HashMap::new();
    for instruction in &build.dockerfile.instructions {
        if !matches!(instruction.keyword, Keyword::Env | Keyword::Arg) {
            continue;
        }
        for pair in instruction.pairs() {
            let plain = pair.value.as_ref().is_some_and(|value| {
                value.literal && !value.text.contains([' ', '\t', '*', '?', '[', '$'])
            });
            // An `ARG` that is named again keeps the value of the one above.
            let again = instruction.keyword == Keyword::Arg && pair.value.is_none();
            let entry = known.entry(pair.key.text.as_str()).or_insert(plain);
            *entry &= plain || again;
        }
    }
    known
}

/// The `SHELL` that a stage starts with: that of the stage it is built on.
fn shell_below(from: Step<'_>) -> Option<&Instruction> {
    let dockerfile = from.build.dockerfile;
    let base = dockerfile.base_stage(from.stage()?.stage)?;
    dockerfile.effective(base, Keyword::Shell)
}

fn has_errexit(word: &Word) -> bool {
    let short = word.text.starts_with('-') && !word.text.starts_with("--");
    word.text == "errexit" || short && word.text.contains('e')
}

fn dialect(step: Step<'_>, shell: Option<&Instruction>) -> Dialect {
    if let Some(shell) = shell {
        let program = shell.words().first().map_or("", |word| word.text.as_str());
        return of_program(program).unwrap_or(Dialect::Unknown);
    }
    let Some(stage) = step.stage() else { return Dialect::Unknown };
    match &step.build.dockerfile.root_stage(stage.stage).base_kind {
        BaseKind::Image(image) => of_image(image),
        _ => Dialect::Unknown,
    }
}

/// The shell by the name of its program; `sh` tells nothing.
fn of_program(program: &str) -> Option<Dialect> {
    Some(match program.rsplit('/').next().unwrap_or_default() {
        "bash" | "zsh" | "ksh" | "mksh" => Dialect::Bash,
        "dash" => Dialect::Dash,
        "ash" | "busybox" => Dialect::Ash,
        _ => return None,
    })
}

/// The shell of a heredoc by its first line: nothing where it has none, `Some(None)` where it is
/// no shell.
fn shebang(script: &Joined) -> Option<Option<Dialect>> {
    let line = script.text().strip_prefix("#!")?.lines().next()?;
    let words = line.split_whitespace().filter(|word| !word.ends_with("/env"));
    let program = words.clone().find(|word| !word.starts_with('-')).unwrap_or_default();
    let is_sh = program.rsplit('/').next() == Some("sh");
    Some(of_program(program).or(is_sh.then_some(Dialect::Unknown)))
}

/// Which shell `/bin/sh` is in an image, by the distribution in its name or tag.
fn of_image(image: &str) -> Dialect {
    let image = image.split('@').next().unwrap_or(image);
    let name = image.rsplit('/').next().unwrap_or(image);
    let (name, tag) = name.split_once(':').unwrap_or((name, ""));
    let debian = ["bookworm", "bullseye", "buster", "trixie", "jammy", "noble", "focal"];
    let parts =
        |text: &str, known: &[&str]| text.split(['-', '.', '_']).any(|part| known.contains(&part));
    if parts(name, &["alpine", "busybox"]) || tag.contains("alpine") {
        Dialect::Ash
    } else if matches!(name, "debian" | "ubuntu") || parts(tag, &debian) {
        Dialect::Dash
    } else {
        Dialect::Unknown
    }
}
