use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::base_evidence::claims;
use crate::run_config::{is_read_whole, is_runnable};
use crate::subject::Built;

rule! {
    /// Nothing tells what the image was built on: no provenance, no annotation
    /// `org.opencontainers.image.base.name`, no `/etc/os-release`. So nobody can tell whether the
    /// base is approved, fresh or past its end of life. Images built `FROM scratch` have no base
    /// and are like that, so the rule is off by default.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: nothing tells the base of image `app`
    /// layers:
    ///   - app: {mode: "755", size: 8}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - etc/os-release: "ID=debian\nVERSION_ID=13\n"
    /// ```
    /// ```image good file=app
    /// annotations: {org.opencontainers.image.base.name: "docker.io/library/debian:13"}
    /// layers:
    ///   - app: {mode: "755", size: 8}
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-unknown",
        summary: "nothing tells which base an image was built on",
        remedy: "Build with provenance (`docker buildx build --provenance=true`), or set the annotation.",
        severity: Low,
        check: Check::Image(check),
        default: false,
        peers: &["cis:4.2"],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
            "https://docs.docker.com/build/metadata/attestations/slsa-provenance/",
        ],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let unknown = built.evidence().unreachable.is_empty() && claims(built).is_empty();
    if unknown && is_runnable(built) && is_read_whole(built) {
        built.report_manifest(out, format!("nothing tells the base of image `{}`", built.name()));
    }
}
