use careen_model::Context;
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::secret_name::{self, Value};
use crate::secret_place::{Place, Secrets};
use crate::subject::{Built, cut};

rule! {
    /// Labels and annotations are made to be read: registries list them, scanners copy them into
    /// reports, and everybody who can pull has them. The name tells that the value is a secret:
    /// `com.example.deploy-token`. Empty values, switches, paths and addresses are not judged.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "********": label `com.example.deploy-token` of image `app` holds a secret
    /// config: {Labels: {com.example.deploy-token: s3cr3t-value}}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json @ "********": annotation `com.example.password` of image `app` holds a secret
    /// annotations: {com.example.password: s3cr3t-value}
    /// ```
    /// ```image good file=app
    /// config: {Labels: {com.example.token.url: "https://example.com", org.opencontainers.image.title: token}}
    /// annotations: {com.example.password: ""}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-label-secret",
        summary: "label or annotation of an image holds a secret",
        remedy: "Take the label out, and replace the secret.",
        severity: High,
        check: Check::Image(check),
        confidence: Confidence::High,
        security: true,
        cwe: &[798, 538],
        controls: &[control::SECRETS_NOT_IN_REPO, control::SECRETS_IN_VAULT],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut secrets = Secrets::of(built);
    for (name, value, node) in built.image.config.labels() {
        report(&mut secrets, out, ("label", name), value, node);
    }
    let mut annotations = built.image.manifest.annotations.iter();
    if !annotations.any(|(name, value)| kind(name, value) != Value::None) {
        return;
    }
    let source = &built.image.manifest_source;
    let tree = careen_yaml::parse(source, &careen_yaml::Limits::default());
    let root = tree.documents().next().and_then(|document| document.root());
    let Some(annotations) = root.and_then(|root| root.get("annotations")) else { return };
    for entry in annotations.entries() {
        if let (Some(name), Some(value)) = (entry.name(), entry.value.as_str()) {
            report(&mut secrets, out, ("annotation", name), value, entry.value);
        }
    }
}

/// What the value of a label is, where its name says that it is a secret.
fn kind(name: &str, value: &str) -> Value {
    if secret_name::is_secret(name) { secret_name::value(value) } else { Value::None }
}

fn report(
    secrets: &mut Secrets<'_>,
    out: &mut SnapshotSink<'_>,
    (what, name): (&str, &str),
    value: &str,
    node: Node<'_>,
) {
    let kind = kind(name, value);
    if kind != Value::None {
        let name = cut(name);
        let message = format!("{what} `{name}` of image `{}` holds a secret", secrets.image());
        let place = Place { node, shown: None, value: 0..value.len() };
        secrets.report(out, &place, kind, message).evidence(name);
    }
}
