use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::subject::{Holder, ImageSite};
use crate::{Check, known_images};

rule! {
    /// Many images come in two variants: one to build with, which has a compiler, a shell or a
    /// package manager, and a smaller one to run. What a service does not need, whoever breaks
    /// into it can use, and every tool is one more to patch. Build with the one and copy the
    /// result into the other.
    ///
    /// Only stages that ship are judged; not a Dockerfile whose final stage is named for
    /// development or tests.
    ///
    /// ```dockerfile bad
    /// FROM mcr.microsoft.com/dotnet/sdk:10.0
    /// #    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ base image `mcr.microsoft.com/dotnet/sdk:10.0` is a development kit: use `mcr.microsoft.com/dotnet/aspnet` or `runtime` for the stage that ships
    /// USER 101
    /// ```
    /// ```dockerfile bad
    /// FROM gcr.io/distroless/static-debian13:debug-nonroot
    /// #    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ base image `gcr.io/distroless/static-debian13:debug-nonroot` has a shell for debugging
    /// ```
    /// ```dockerfile good
    /// FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
    /// FROM mcr.microsoft.com/dotnet/aspnet:10.0
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM eclipse-temurin:21-jre AS run
    /// FROM eclipse-temurin:21-jdk AS test
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-dev-variant",
        summary: "stage that ships is built on a variant for development",
        remedy: "Build in a stage of its own and ship the variant for production.",
        severity: Medium,
        check: Check::ImageUse(check),
        confidence: Confidence::High,
        security: true,
        cwe: &[1125],
        peers: &["dockle:CIS-DI-0003", "cis:4.3"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
    }
}

fn check(image: &ImageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let (Holder::Base(stage), Ok(reference)) = (image.holder, &image.reference) else { return };
    if !image.ships() || stage.build.is_for_development() {
        return;
    }
    if let Some((what, instead)) = known_images::development(reference) {
        let name = image.display();
        let message = format!("{name} {what}: use {instead} for the stage that ships");
        image.report(out, image.span(), message);
    }
}
