use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// A foreign layer does not lie in the registry: it is fetched from an address of somebody
    /// else whenever the image is pulled. Where that address is not reached, or no longer there,
    /// nothing starts, and a copy of the registry is no copy of the image. The OCI specification
    /// has given such layers up, and Microsoft publishes its base images without them since 2023.
    ///
    /// ```image bad file=app
    /// # finds layer-1: layer 1 of image `app` is fetched from `mcr.example.com`
    /// urls: ["https://mcr.example.com/v2/windows/blobs/x"]
    /// layers: [{a: {size: 4}}]
    /// ```
    /// ```image bad file=app
    /// # finds layer-1: layer 1 of image `app` is not to be distributed: its media type is
    /// media-type: application/vnd.oci.image.layer.nondistributable.v1.tar+gzip
    /// layers: [{a: {size: 4}}]
    /// ```
    /// ```image good file=app
    /// layers: [{a: {size: 4}}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-foreign",
        summary: "layer lies outside of the registry",
        remedy: "Build from a base image whose layers are in its registry.",
        severity: Medium,
        check: Check::Image(check),
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://github.com/opencontainers/image-spec/blob/main/layer.md#non-distributable-layers"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    for (at, layer) in built.image.layers.iter().enumerate() {
        let (number, name) = (at + 1, built.name());
        let kind = &layer.descriptor.media_type;
        let message = if let Some(url) = layer.descriptor.urls.first() {
            let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            // An address may hold a password.
            let host = host.rsplit('@').next().unwrap_or_default();
            format!("layer {number} of image `{name}` is fetched from `{host}`")
        } else if kind.contains("nondistributable") || kind.contains("foreign") {
            format!(
                "layer {number} of image `{name}` is not to be distributed: its media type is `{kind}`"
            )
        } else {
            continue;
        };
        built.report_layer(out, at, message);
    }
}
