use careen_image_model::oci::Image;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::{Examined, cut};

/// Platforms that are listed.
const SHOWN: usize = 4;

rule! {
    /// The stage asks for a platform that the base does not have. BuildKit takes the image it finds
    /// and warns; what is built on it does not start on the platform it is for. Says something only
    /// where `--platform` is written out, and where a registry could be asked.
    ///
    /// ```registry
    /// registry.example.com/base:3:
    ///   image: {platform: linux/amd64}
    /// ```
    /// ```dockerfile bad
    /// FROM --platform=linux/arm64 registry.example.com/base:3
    /// #                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ base image `registry.example.com/base:3` is for `linux/amd64`, not for `linux/arm64`
    /// USER 101
    /// ```
    /// ```registry
    /// registry.example.com/base:3:
    ///   image: {platform: linux/amd64, index: [linux/amd64, linux/arm64/v8]}
    /// ```
    /// ```dockerfile good
    /// FROM --platform=linux/arm64 registry.example.com/base:3
    /// USER 101
    /// ```
    /// ```registry
    /// registry.example.com/base:3:
    ///   image: {platform: linux/amd64}
    /// ```
    /// ```dockerfile good
    /// FROM registry.example.com/base:3
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-platform-mismatch",
        summary: "base image is for another platform than the stage",
        remedy: "Take a base that has the platform, or correct `--platform`.",
        severity: High,
        check: Check::Evidence(check),
        peers: &["buildx:InvalidBaseImagePlatform"],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.docker.com/reference/build-checks/invalid-base-image-platform/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let (Some((named, _)), Some(image)) = (examined.named, examined.image) else { return };
    let Some(wanted) = named.platform.as_deref() else { return };
    let mut has: Vec<String> = match &image.index {
        Some(index) => index.platforms.iter().map(ToString::to_string).collect(),
        None => platform_of(image).into_iter().collect(),
    };
    has.dedup();
    if has.is_empty() || has.iter().any(|one| agree(one, wanted)) {
        return;
    }
    let more = has.len().saturating_sub(SHOWN);
    let mut list: Vec<_> = has.iter().take(SHOWN).map(|one| format!("`{}`", cut(one))).collect();
    if more > 0 {
        list.push(format!("{more} more"));
    }
    let (list, wanted) = (list.join(", "), cut(wanted));
    examined.report(out, format!("{} is for {list}, not for `{wanted}`", named.shown));
}

fn platform_of(image: &Image) -> Option<String> {
    let (os, architecture) = (image.config.text(&["os"])?, image.config.text(&["architecture"])?);
    Some(match image.config.text(&["variant"]) {
        Some(variant) => format!("{os}/{architecture}/{variant}"),
        None => format!("{os}/{architecture}"),
    })
}

/// Whether two platforms agree as far as both say: a variant that one leaves out is any.
fn agree(one: &str, other: &str) -> bool {
    fn parts(platform: &str) -> impl Iterator<Item = &str> {
        platform.split('/').map(|part| match part {
            "x86_64" | "x86-64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        })
    }
    parts(one).zip(parts(other)).all(|(one, other)| one.eq_ignore_ascii_case(other))
}
