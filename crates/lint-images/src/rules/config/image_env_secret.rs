use careen_model::Context;
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::secret_name::{self, Value};
use crate::secret_place::{Place, Secrets};
use crate::subject::{Built, cut};

rule! {
    /// The variables of an image stand in its configuration in the clear: everybody who can pull
    /// reads them with `docker inspect`, and every program in the container inherits them. Give
    /// the secret to the container when it starts, best as a file, and make a new one: this one is
    /// known to whoever has the image.
    ///
    /// The name tells: `DB_PASSWORD`, `NPM_TOKEN`, `API_KEY`. Empty values, switches, paths and
    /// addresses are not judged.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "DB_PASSWORD=********": variable `DB_PASSWORD` of image `app` holds a secret
    /// config: {Env: [PATH=/bin, "DB_PASSWORD=s3cr3t \"x\" y"]}
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "API_KEY=********": variable `API_KEY` of image `app` holds a secret
    /// config: {Env: [API_KEY=changeme]}
    /// ```
    /// ```image good file=app
    /// config:
    ///   Env:
    ///     - DB_PASSWORD=
    ///     - DB_PASSWORD_FILE=/run/secrets/db
    ///     - TOKEN_URL=https://auth.example.com/
    ///     - GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-env-secret",
        summary: "variable of an image holds a secret",
        remedy: "Take the variable out of the Dockerfile, give the secret to the container when it starts, and replace it.",
        severity: Critical,
        check: Check::Image(check),
        confidence: Confidence::High,
        peers: &["dockle:CIS-DI-0010", "trivy:DS-0031", "cis:4.10"],
        security: true,
        cwe: &[798, 538],
        controls: &[control::SECRETS_NOT_IN_REPO, control::SECRETS_IN_VAULT],
        references: &[
            "https://docs.docker.com/build/building/secrets/",
            "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
        ],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut secrets = Secrets::of(built);
    for variable in built.image.config.variables() {
        let kind = secret_name::value(variable.value);
        if kind == Value::None || !secret_name::is_secret(variable.name) {
            continue;
        }
        let name = cut(variable.name);
        let message = format!("variable `{name}` of image `{}` holds a secret", built.name());
        let start = variable.name.len() + 1;
        let value = start..start + variable.value.len();
        let place = Place { node: variable.node, shown: None, value };
        secrets.report(out, &place, kind, message).evidence(name);
    }
}
