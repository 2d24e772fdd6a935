use careen_image_model::end_of_life::canonical_name;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, fits, rule};

use crate::subject::{Holder, ImageSite};
use crate::{Check, known_images};

rule! {
    /// A full distribution, or the full variant of a runtime, has a shell, a package manager and
    /// hundreds of packages that a service never uses: more to patch, and more for whoever breaks
    /// in. `scratch`, distroless, chiselled and `-slim` images have less. Fine where the tools are
    /// needed, or where one base for all is worth more; so the rule runs only when asked for.
    ///
    /// Known images are judged, by their names and tags. `allowed` names images that are fine all
    /// the same, as patterns in which `*` stands for any text.
    ///
    /// ```dockerfile bad
    /// FROM ubuntu:26.04
    /// #    ^^^^^^^^^^^^ base image `ubuntu:26.04` is no minimal image
    /// USER 101
    /// ```
    /// ```config
    /// rules: {base-not-minimal: {allowed: ["docker.io/library/ubuntu"]}}
    /// ```
    /// ```dockerfile good
    /// FROM ubuntu:26.04
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM debian:trixie AS build
    /// FROM python:3.14-slim-trixie
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-not-minimal",
        summary: "stage that ships is built on a full distribution",
        remedy: "Ship a distroless, chiselled or slim image.",
        severity: Low,
        check: Check::ImageUse(check),
        default: false,
        peers: &["dockle:CIS-DI-0003", "cis:4.3"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/dhi/core-concepts/distroless/"],
        options: &[RuleOption {
            name: "allowed",
            kind: OptionKind::Words,
            summary: "Images that may be built on all the same, such as `docker.io/library/ubuntu`.",
        }],
    }
}

fn check(image: &ImageSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let (Holder::Base(_), Ok(reference)) = (image.holder, &image.reference) else { return };
    if !image.ships() || !known_images::is_full(reference) {
        return;
    }
    let name = canonical_name(reference);
    let allowed = context.options.words(RULE.meta.id, "allowed");
    if !allowed.iter().any(|pattern| fits(pattern, &name) || fits(pattern, &image.text)) {
        let message = format!("{} is no minimal image", image.display());
        image.report(out, image.span(), message);
    }
}
