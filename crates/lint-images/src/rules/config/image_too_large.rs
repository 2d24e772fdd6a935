use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

const MIB: u64 = 1 << 20;

rule! {
    /// Every new node pulls the whole image before the first container starts: a large one makes
    /// scaling up and failing over slow. How large is too large depends on what is in it.
    ///
    /// Says nothing until `careen.yaml` tells it how many MiB an image may have. What counts is
    /// what a pull transfers: the layers as they are stored.
    ///
    /// ```config
    /// rules: {image-too-large: {mib: 1}}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has 2 MiB, more than 1
    /// layers:
    ///   - app: {size: 2097152}
    /// ```
    /// ```config
    /// rules: {image-too-large: {mib: 1}}
    /// ```
    /// ```image good file=app
    /// compression: gzip
    /// layers:
    ///   - app: {size: 2097152}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - app: {size: 2097152}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-too-large",
        summary: "image is larger than the configuration allows",
        remedy: "Build in one stage and ship another, with a small base image.",
        severity: Low,
        check: Check::Image(check),
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
        options: &[RuleOption {
            name: "mib",
            kind: OptionKind::Number,
            summary: "How many MiB the layers may have as they are stored; without it, any number.",
        }],
    }
}

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let allowed = context.options.number(RULE.meta.id, "mib");
    let Some(allowed) = allowed.and_then(|mib| u64::try_from(mib).ok()) else { return };
    let stored = built.image.stored();
    if stored > allowed.saturating_mul(MIB) {
        let mib = stored / MIB;
        let message = format!("image `{}` has {mib} MiB, more than {allowed}", built.name());
        built.report_manifest(out, message);
    }
}
