use careen_image_model::dockerfile::{BaseKind, Keyword};
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{Step, cut};

rule! {
    /// `COPY --from=build / /` lays one root file system over another: package databases, `/etc`
    /// and libraries of two systems mix, and everything the build left lying about ships. Copy the
    /// files that are needed. Fine into a stage that starts `FROM scratch`: that only flattens the
    /// layers.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2 AS build
    /// RUN make -C /src install
    /// FROM debian:13.2
    /// COPY --from=build / /
    /// #                 ^ the whole file system of `build` is copied over that of the base image
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2 AS build
    /// RUN make -C /src install
    /// FROM scratch AS flat
    /// COPY --from=build / /
    /// FROM debian:13.2
    /// COPY --from=build /usr/local/ /usr/local/
    /// COPY --from=build / /rescue/
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-copy-from-root",
        summary: "`COPY --from` lays a whole file system over another",
        remedy: "Copy the files and folders that are needed.",
        severity: Medium,
        check: Check::Instruction(check),
        peers: &["hadolint:DL3067"],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    let (Keyword::Copy, Some(stage)) = (step.keyword(), step.stage()) else { return };
    let (Some(from), Some((sources, destination))) =
        (step.instruction.flag("from"), step.sources_and_destination())
    else {
        return;
    };
    let root = stage.build.dockerfile.root_stage(stage.stage);
    if root.base_kind == BaseKind::Scratch || !is_root(&destination.text) {
        return;
    }
    if let Some(source) = sources.iter().find(|source| is_root(&source.text)) {
        let name = from.value.as_ref().map_or("", |word| word.text.as_str());
        let message = format!(
            "the whole file system of `{}` is copied over that of the base image",
            cut(name)
        );
        step.report(out, source.content, message).evidence(cut(name));
    }
}

/// Whether a path is the root, also as `/.`, `//` and `/*`.
fn is_root(path: &str) -> bool {
    path.starts_with('/')
        && path.bytes().all(|byte| matches!(byte, b'/' | b'.' | b'*'))
        && !path.contains("..")
}
