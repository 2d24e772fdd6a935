use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

/// Docker's limit is 127: an image with fewer can still be built on.
const MOST: i64 = 100;

rule! {
    /// Docker takes no image with more than 127 layers, and who builds on an image adds some.
    /// Many small layers also make a pull slow, as each is a request of its own. Fine for images
    /// that a tool splits on purpose, up to the limit.
    ///
    /// ```config
    /// rules: {image-too-many-layers: {most: 1}}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has 2 layers, more than 1
    /// layers:
    ///   - a: a
    ///   - b: b
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - a: a
    ///   - b: b
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-too-many-layers",
        summary: "image has a great many layers",
        remedy: "Join `RUN`s and `COPY`s that belong together.",
        severity: Info,
        check: Check::Image(check),
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/"],
        options: &[RuleOption {
            name: "most",
            kind: OptionKind::Number,
            summary: "How many layers an image may have; without it, 100.",
        }],
    }
}

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let most = context.options.number(RULE.meta.id, "most").unwrap_or(MOST);
    let layers = built.image.manifest.layers.len();
    if i64::try_from(layers).is_ok_and(|layers| layers > most) {
        let message = format!("image `{}` has {layers} layers, more than {most}", built.name());
        built.report_manifest(out, message);
    }
}
