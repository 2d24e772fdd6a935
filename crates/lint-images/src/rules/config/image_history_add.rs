use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::history::{Act, History};
use crate::rules::files::dockerfile_add_instead_of_copy::needs_no_add;
use crate::subject::{Built, cut};

rule! {
    /// `ADD` unpacks archives and fetches addresses; for a file of the build context `COPY` does
    /// the same without surprises. `dockerfile-add-instead-of-copy` says it where the Dockerfile
    /// is at hand, so this rule is off by default. Steps of the base image are not judged, as far
    /// as the history tells which they are.
    ///
    /// ```image bad file=app
    /// # finds config.json @ config.yaml: the history of image `app` adds `config.yaml`, which `COPY` does
    /// history:
    ///   - "ADD alpine-minirootfs-3.22.0-x86_64.tar.gz / # buildkit"
    ///   - "CMD [\"/bin/sh\"]"
    ///   - "ADD config.yaml /etc/app/ # buildkit"
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ dir:1f2e: the history of image `app` adds `dir:1f2e`
    /// history:
    ///   - "/bin/sh -c #(nop) ADD file:0a in / "
    ///   - "/bin/sh -c #(nop)  CMD [\"bash\"]"
    ///   - "/bin/sh -c #(nop) ADD dir:1f2e in /app "
    /// ```
    /// ```image good file=app
    /// history:
    ///   - "ADD rootfs.tar.xz / # buildkit"
    ///   - "CMD [\"bash\"]"
    ///   - "ADD https://example.com/a.tar.gz /opt/ # buildkit"
    ///   - "COPY config.yaml /etc/app/ # buildkit"
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-history-add",
        summary: "image was built with `ADD` where `COPY` would do",
        remedy: "Use `COPY`.",
        severity: Info,
        check: Check::Image(check),
        default: false,
        peers: &["dockle:CIS-DI-0009", "trivy:DS-0005", "cis:4.9"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/#add-or-copy"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let history = History::of(built);
    for step in history.own() {
        let Act::Instruction(Keyword::Add, words) = &step.act else { continue };
        let start = words.start;
        let words = step.text.get(words.clone()).unwrap_or_default();
        let source = words.split_ascii_whitespace().next().unwrap_or_default();
        if source.is_empty() || !needs_no_add(source) {
            continue;
        }
        // Older builders write a sum for the name: the file may have been an archive.
        let unknown = source.starts_with("file:") || source.starts_with("multi:");
        let confidence = if unknown { Confidence::Low } else { history.confidence() };
        let span = Span::of(start..start + source.len());
        let source = cut(source);
        let message = format!(
            "the history of image `{}` adds `{source}`, which `COPY` does without surprises",
            built.name()
        );
        step.report(built, out, span, message).confidence(confidence).evidence(source);
    }
}
