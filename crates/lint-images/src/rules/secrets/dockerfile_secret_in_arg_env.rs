use careen_image_model::Pair;
use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Confidence, Severity, Sink, control, rule};

use crate::Check;
use crate::secret_name::{self, Value};
use crate::subject::{Step, cut};

rule! {
    /// What `ENV` sets stands in the image's configuration, what `ARG` takes stands in its history
    /// and in its provenance: `docker inspect` and `docker history` show both to everybody who can
    /// pull. Deleting the variable in a later layer does not help. Mount the secret while it is
    /// needed (`RUN --mount=type=secret,id=…`) and give it to the program when it starts. A key or
    /// a file with credentials that is copied into the image is the same mistake.
    ///
    /// The name tells: `DB_PASSWORD`, `NPM_TOKEN`, `API_KEY`. Empty values, switches, paths and
    /// addresses are not judged; an `ARG` without a value is milder, most so outside the stages
    /// that ship.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// ENV DB_PASSWORD=hunter2
    /// #   ^^^^^^^^^^^ `ENV` `DB_PASSWORD` keeps a secret in the image
    /// ARG NPM_TOKEN
    /// #   ^^^^^^^^^ `ARG` `NPM_TOKEN` takes a secret
    /// COPY id_rsa /root/.ssh/
    /// #    ^^^^^^ `id_rsa` is a secret and is copied into the image
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// ENV DB_PASSWORD_FILE=/run/secrets/db
    /// RUN --mount=type=secret,id=npm_token NPM_TOKEN=$(cat /run/secrets/npm_token) npm ci
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-secret-in-arg-env",
        summary: "a secret becomes part of the image",
        remedy: "Mount the secret with `RUN --mount=type=secret`, or give it to the container when it starts.",
        severity: Critical,
        check: Check::Instruction(check),
        confidence: Confidence::High,
        peers: &[
            "hadolint:DL3064",
            "dockle:CIS-DI-0010",
            "trivy:DS-0031",
            "buildx:SecretsUsedInArgOrEnv",
            "kics:c3e1b6ae",
            "cis:4.10",
        ],
        security: true,
        cwe: &[798, 538],
        controls: &[control::SECRETS_NOT_IN_REPO, control::SECRETS_IN_VAULT],
        references: &[
            "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
            "https://docs.docker.com/build/building/secrets/",
        ],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    match step.keyword() {
        Keyword::Env | Keyword::Arg => {
            let pairs = step.instruction.pairs().iter();
            for pair in pairs.filter(|pair| secret_name::is_secret(&pair.key.text)) {
                check_pair(step, pair, out);
            }
        }
        Keyword::Copy | Keyword::Add if step.ships() => check_files(step, out),
        _ => {}
    }
}

fn check_pair(step: Step<'_>, pair: &Pair, out: &mut Sink<'_>) {
    let name = cut(&pair.key.text);
    let is_env = step.keyword() == Keyword::Env;
    let value = pair.value.as_ref().filter(|value| !value.text.is_empty());
    let variable = value.is_some_and(|value| !value.literal || value.text.contains('$'));
    let (message, severity) = match value {
        None if is_env => return,
        None => {
            let severity = if step.ships() { Severity::Medium } else { Severity::Low };
            let message =
                format!("`ARG` `{name}` takes a secret, which stays in the image's history");
            (message, severity)
        }
        Some(_) if variable && !is_env => return,
        Some(_) if variable => {
            (format!("`ENV` `{name}` copies a secret into the image"), Severity::High)
        }
        Some(value) => {
            let keyword = step.keyword().name();
            let severity = match secret_name::value(&value.text) {
                Value::None => return,
                Value::Filler => Severity::High,
                Value::Literal => Severity::Critical,
            };
            (format!("`{keyword}` `{name}` keeps a secret in the image"), severity)
        }
    };
    let finding = step.report(out, pair.key.span, message);
    finding.severity(severity).evidence(name);
    if let Some(value) = value.filter(|_| !variable) {
        finding.secret(value.content);
    }
}

fn check_files(step: Step<'_>, out: &mut Sink<'_>) {
    const NAMES: [&str; 9] = [
        ".env",
        ".git-credentials",
        ".netrc",
        ".pgpass",
        ".dockerconfigjson",
        "id_dsa",
        "id_ecdsa",
        "id_ed25519",
        "id_rsa",
    ];
    // From another stage or image it is what was made there.
    if step.instruction.flag("from").is_some() {
        return;
    }
    let Some((sources, _)) = step.sources_and_destination() else { return };
    for word in sources {
        let file = word.text.rsplit('/').next().unwrap_or_default();
        if NAMES.contains(&file) {
            let message = format!("`{file}` is a secret and is copied into the image");
            step.report(out, word.content, message).severity(Severity::High).evidence(file);
        }
    }
}
