use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::subject::{Examined, cut};
use crate::{Check, platforms};

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
    let has = platforms::of(image);
    if has.is_empty() || has.iter().any(|one| platforms::agree(one, wanted)) {
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
