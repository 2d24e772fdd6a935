use careen_image_model::oci::LayerProblemKind;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// No tool makes an archive whose paths climb out of the root by accident: it is made to write
    /// to a file of the machine that unpacks it, which scanners, builders and old runtimes have
    /// done. Runtimes of today refuse such an image or take the path as one below the root. A
    /// leading `/` is usual and means the root of the image, and a symbolic link may lead
    /// anywhere: it is followed inside the container. Hard links and whiteouts must stay inside.
    ///
    /// ```image bad file=app
    /// # finds layer-1: entry `../../etc/cron.d/x` in layer 1 of image `app` leads out of the root of the image, and so does 1 more
    /// # finds layer-2: entry `app/shadow` in layer 2 of image `app` is a hard link to `../../etc/shadow`
    /// layers:
    ///   - ../../etc/cron.d/x: {size: 4}
    ///     app/../../x: {size: 4}
    ///   - app/shadow: {hardlink: ../../etc/shadow}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - /etc/motd: {size: 4}
    ///     app/a/../b: {size: 4}
    ///     app/up: {link: ../../../etc/passwd}
    ///     app/motd: {hardlink: /etc/motd}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-path-escape",
        summary: "archive of a layer leads out of the root",
        remedy: "Do not unpack or run the image: find out who built it.",
        severity: Critical,
        check: Check::Image(check),
        security: true,
        cwe: &[22, 59],
        controls: &[control::IMAGE_BASE],
        references: &["https://github.com/opencontainers/image-spec/blob/main/layer.md"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    for (at, layer) in built.image.layers.iter().enumerate() {
        let escapes = |kind: LayerProblemKind| kind == LayerProblemKind::Escape;
        let mut problems = layer.problems.iter().filter(|problem| escapes(problem.kind));
        let Some(first) = problems.next() else { continue };
        let more = match problems.count() {
            0 => String::new(),
            1 => ", and so does 1 more".to_owned(),
            more => format!(", and so do {more} more"),
        };
        let message = format!(
            "entry `{}` in layer {} of image `{}` {}{more}",
            first.path,
            at + 1,
            built.name(),
            first.message
        );
        built.report_layer(out, at, message);
    }
}
