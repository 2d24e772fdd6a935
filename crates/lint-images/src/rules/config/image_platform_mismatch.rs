use careen_image_model::oci::Platform;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::{Built, cut};

rule! {
    /// A node picks its image from an index by the platform that the entry names, and does not
    /// look at the image itself. If that one is for another, its programs end with
    /// `exec format error`, on the nodes of one platform only. It happens where a `FROM` has a
    /// constant `--platform`, or where an index is put together by hand.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "arm64": image `app` is for `linux/arm64`, but the index offers it for `linux/amd64`
    /// platform: linux/arm64
    /// index: [linux/amd64]
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "arm": image `app` is for `linux/arm/v6`, but the index offers it for `linux/arm/v7`
    /// platform: linux/arm
    /// document: {variant: v6}
    /// index: [linux/arm/v7]
    /// ```
    /// ```image good file=app
    /// platform: linux/arm64
    /// index: [linux/arm64/v8]
    /// ```
    /// ```image good file=app
    /// platform: linux/arm64
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-platform-mismatch",
        summary: "image is for another platform than its entry in the index",
        remedy: "Build the image for the platform, and leave a constant `--platform` out of `FROM`.",
        severity: High,
        check: Check::Image(check),
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://github.com/opencontainers/image-spec/blob/main/image-index.md#image-index-property-descriptions",
        ],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let entry = built.image.index.as_ref().and_then(|index| index.entry.platform.as_ref());
    let Some(offered) = entry.filter(|it| !it.architecture.is_empty() && it.os != "unknown") else {
        return;
    };
    let config = &built.image.config;
    let Some(own) = own_platform(built) else { return };
    if is_same(&own, offered) {
        return;
    }
    let message = format!(
        "image `{}` is for `{}`, but the index offers it for `{}`",
        built.name(),
        cut(&own.to_string()),
        cut(&offered.to_string())
    );
    let field = if own.os == offered.os { "architecture" } else { "os" };
    built.report_config(out, config.at(&[field]), message);
}

/// The platform of the configuration.
pub(crate) fn own_platform(built: &Built<'_>) -> Option<Platform> {
    let config = &built.image.config;
    let text = |field: &str| config.text(&[field]).filter(|it| !it.is_empty()).map(str::to_owned);
    Some(Platform {
        os: text("os")?,
        architecture: text("architecture")?,
        variant: text("variant"),
    })
}

/// Whether what is built for one runs on the other, as far as their names tell. Variants count
/// where both are given: that of a 64-bit ARM is `v8` even where it is left out.
pub(crate) fn is_same(one: &Platform, other: &Platform) -> bool {
    let plain = |text: &str| match text.to_ascii_lowercase().as_str() {
        "aarch64" => "arm64".to_owned(),
        "x86_64" | "x86-64" => "amd64".to_owned(),
        "i386" | "x86" => "386".to_owned(),
        text => text.to_owned(),
    };
    let architecture = plain(&one.architecture);
    let variants = architecture != "arm"
        || one.variant.is_none()
        || other.variant.is_none()
        || one.variant == other.variant;
    plain(&one.os) == plain(&other.os) && architecture == plain(&other.architecture) && variants
}
