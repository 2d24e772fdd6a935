use careen_image_model::oci::EntryKind;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// A device node opens a device of the node, such as its disk or its memory, to whoever may
    /// open the file, if the container may use devices: a privileged one may. The runtime makes
    /// the few devices that programs need in `/dev` itself, and hides what an image has there, so
    /// an image needs none: what lies elsewhere was put there on purpose. Rootless runtimes cannot
    /// even unpack it.
    ///
    /// ```image bad file=app
    /// # finds layer-1/var/lib/disk: `var/lib/disk` of image `app` is a block device
    /// # finds layer-1/srv/null: `srv/null` of image `app` is a character device
    /// layers:
    ///   - var/lib/disk: {device: block}
    ///     srv/null: {device: character}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - dev/null: {device: character, mode: "666"}
    ///     run/initctl: {device: fifo}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-device-node",
        summary: "image ships a device node",
        remedy: "Remove the device, and give the container the device it needs when it starts.",
        severity: Medium,
        check: Check::Image(check),
        security: true,
        cwe: &[732],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#default-devices"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    for (layer, entry) in built.merged.entries() {
        let what = match entry.kind {
            EntryKind::CharacterDevice => "character",
            EntryKind::BlockDevice => "block",
            _ => continue,
        };
        if entry.path.starts_with("dev/") {
            continue;
        }
        let message = format!("`{}` of image `{}` is a {what} device", entry.path, built.name());
        built.report_entry(out, layer, entry, message);
    }
}
