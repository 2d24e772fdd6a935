use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// Annotations say where an image comes from: who is on call for it, which commit it was built
    /// of, under which licence. Without them nobody can tell an image in a registry from another.
    ///
    /// Says nothing until `careen.yaml` tells it which are needed: `source`, `revision` and the
    /// like are those of OCI (`org.opencontainers.image.source`), a name with a dot is taken as it
    /// is. A label, or an annotation of the entry in the index, will do.
    ///
    /// ```config
    /// rules: {image-annotations-missing: {required: [source, revision, com.example.team]}}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has no `org.opencontainers.image.source` and no `com.example.team`
    /// annotations: {org.opencontainers.image.source: ""}
    /// config: {Labels: {org.opencontainers.image.revision: 0a1b2c3}}
    /// ```
    /// ```config
    /// rules: {image-annotations-missing: {required: [source]}}
    /// ```
    /// ```image good file=app
    /// annotations: {org.opencontainers.image.source: "https://git.example.com/shop/api"}
    /// ```
    /// ```image good file=app
    /// config: {Cmd: [/app]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-annotations-missing",
        summary: "image lacks annotations that the configuration asks for",
        remedy: "Set the annotation when building: `docker buildx build --annotation NAME=VALUE`.",
        severity: Low,
        check: Check::Image(check),
        references: &["https://github.com/opencontainers/image-spec/blob/main/annotations.md"],
        options: &[RuleOption {
            name: "required",
            kind: OptionKind::Words,
            summary: "Names of annotations that images must have; without it, none.",
        }],
    }
}

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let image = built.image;
    let has = |name: &str| {
        let in_index = image.index.as_ref().and_then(|index| index.entry.annotations.get(name));
        let value = image.manifest.annotations.get(name).or(in_index);
        let value = value.map(String::as_str).filter(|value| !value.is_empty());
        value.or_else(|| image.config.label(name)).is_some_and(|value| !value.trim().is_empty())
    };
    let required = context.options.words(RULE.meta.id, "required").iter();
    let names = required.map(|name| {
        if name.contains('.') { name.clone() } else { format!("org.opencontainers.image.{name}") }
    });
    let missing: Vec<String> =
        names.filter(|name| !has(name)).map(|name| format!("no `{name}`")).collect();
    if !missing.is_empty() {
        let message = format!("image `{}` has {}", built.name(), missing.join(" and "));
        built.report_manifest(out, message);
    }
}
