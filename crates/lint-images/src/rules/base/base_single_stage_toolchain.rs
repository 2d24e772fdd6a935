use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::subject::{Build, Call, Holder, ImageSite, Step};
use crate::{Check, known_images};

rule! {
    /// The stage that compiles the program is the one that ships, so the image carries the
    /// compiler, the sources and the caches of the build: hundreds of megabytes to pull, and tools
    /// for whoever breaks in. A second stage that only gets the program costs three lines.
    ///
    /// Judged are images of compilers and build tools in which something is compiled and which say
    /// what to run. An image of build tools for use in pipelines is fine.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.27
    /// #    ^^^^^^^^^^^ base image `golang:1.27` is a toolchain, and what it compiles ships with it
    /// WORKDIR /src
    /// COPY . .
    /// RUN CGO_ENABLED=0 go build -o /app ./cmd/app
    /// USER 101
    /// CMD ["/app"]
    /// ```
    /// ```dockerfile good
    /// FROM golang:1.27 AS build
    /// WORKDIR /src
    /// COPY . .
    /// RUN CGO_ENABLED=0 go build -o /app ./cmd/app
    /// FROM gcr.io/distroless/static-debian13
    /// COPY --from=build /app /app
    /// USER 101
    /// CMD ["/app"]
    /// ```
    /// ```dockerfile good
    /// FROM golang:1.27
    /// RUN apt-get update && apt-get install -y jq && rm -rf /var/lib/apt/lists/*
    /// USER 101
    /// CMD ["bash"]
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-single-stage-toolchain",
        summary: "image ships the compiler it was built with",
        remedy: "Compile in a stage of its own, and copy the result into a small image.",
        severity: Low,
        check: Check::ImageUse(check),
        confidence: Confidence::High,
        peers: &["cis:4.3"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
    }
}

fn check(image: &ImageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let (Holder::Base(stage), Ok(reference)) = (image.holder, &image.reference) else { return };
    let build = stage.build;
    if !image.ships() || known_images::toolchain(reference).is_none() || build.is_for_development()
    {
        return;
    }
    let final_stage = build.stages().last();
    let runs = final_stage.is_some_and(|last| {
        last.effective(Keyword::Cmd).or_else(|| last.effective(Keyword::Entrypoint)).is_some()
    });
    if runs && compiles(build) {
        let name = image.display();
        let message = format!("{name} is a toolchain, and what it compiles ships with it");
        image.report(out, image.span(), message);
    }
}

/// Whether a stage that ships compiles something.
fn compiles(build: &Build<'_>) -> bool {
    build.steps().filter(|step| step.ships()).any(|step: Step<'_>| {
        careen_image_model::shell::walk(step.commands()).filter_map(Call::of).any(is_compiler)
    })
}

fn is_compiler(call: Call<'_>) -> bool {
    let first = call.arguments.iter().find(|word| !word.text.starts_with('-'));
    let verb = first.map_or("", |word| word.text.as_str());
    match call.program() {
        "go" | "cargo" | "stack" | "cabal" => matches!(verb, "build" | "install"),
        "swift" => verb == "build",
        "dart" => verb == "compile",
        "mvn" | "mvnw" | "gradle" | "gradlew" | "sbt" | "lein" => !verb.is_empty(),
        "gcc" | "g++" | "cc" | "c++" | "rustc" | "ghc" | "swiftc" | "make" | "ninja" => true,
        _ => false,
    }
}
