use careen_image_model::oci::{ImageProblem, LayerProblemKind};
use careen_model::Context;
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// A configuration lists the digests of its unpacked layers, and a manifest those of the
    /// layers as they are stored. Where a layer is another, the image was put together of parts of
    /// two builds, was damaged, or was tampered with: runtimes refuse it, or worse, one of them
    /// takes it. A signature over the manifest does not cover what is not what it names.
    ///
    /// ```image bad file=app
    /// # finds layer-1: layer 1 of image `app` is not what its digest says
    /// layers:
    ///   - etc/hostname: "a\n"
    /// diff-ids: wrong
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: the manifest of image `app` has 1 layer, its configuration has 2
    /// layers:
    ///   - etc/hostname: "a\n"
    /// document:
    ///   rootfs:
    ///     type: layers
    ///     diff_ids:
    ///       - sha256:0000000000000000000000000000000000000000000000000000000000000000
    ///       - sha256:0000000000000000000000000000000000000000000000000000000000000000
    /// ```
    /// ```image good file=app
    /// compression: gzip
    /// layers:
    ///   - etc/hostname: "a\n"
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-config-digest-mismatch",
        summary: "image is not what its digests say",
        remedy: "Build and push the image anew, and find out who changed it.",
        severity: Critical,
        check: Check::Image(check),
        confidence: Confidence::Certain,
        security: true,
        cwe: &[354],
        controls: &[control::IMAGE_SIGNED],
        references: &[
            "https://github.com/opencontainers/image-spec/blob/main/config.md#layer-diffid",
            "https://github.com/opencontainers/image-spec/blob/main/descriptor.md#verification",
        ],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let name = built.name();
    let mut counts_differ = false;
    for problem in &built.image.problems {
        let message = match problem {
            ImageProblem::Digest(message) => format!("image `{name}`: {message}"),
            ImageProblem::LayerCount { manifest, config } => {
                counts_differ = true;
                let layers = if *manifest == 1 { "layer" } else { "layers" };
                format!(
                    "the manifest of image `{name}` has {manifest} {layers}, its configuration has {config}"
                )
            }
        };
        built.report_manifest(out, message);
    }
    // Where one has more than the other, it is not known which is whose.
    if counts_differ {
        return;
    }
    for (at, layer) in built.image.layers.iter().enumerate() {
        let mut problems = layer.problems.iter();
        if let Some(problem) = problems.find(|problem| problem.kind == LayerProblemKind::Digest) {
            let message = format!(
                "layer {} of image `{name}` is not what its digest says: {}",
                at + 1,
                problem.message
            );
            built.report_layer(out, at, message);
        }
    }
}
