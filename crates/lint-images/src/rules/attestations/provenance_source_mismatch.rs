use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::subject::{Examined, cut};
use crate::{Check, attestations};

rule! {
    /// The builder is the right one, and the source is not: an image from a fork, or from another
    /// project that uses the same pipeline.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` was built from `https://github.com/someone/api`, which the policy does not trust
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", sources: ["https://github.com/shop/*"]}
    ///   attestations:
    ///   - predicate-type: https://slsa.dev/provenance/v1
    ///     place: sha256-12
    ///     verdict: valid
    ///     predicate:
    ///       buildDefinition: {externalParameters: {workflow: {repository: "https://github.com/someone/api"}}}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", sources: ["github.com/shop/*"]}
    ///   attestations:
    ///   - predicate-type: https://slsa.dev/provenance/v0.2
    ///     place: sha256-12
    ///     verdict: valid
    ///     predicate: {invocation: {configSource: {uri: "git+https://github.com/shop/api@refs/heads/main"}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "provenance-source-mismatch",
        summary: "image was built from a source that the policy does not trust",
        remedy: "Build from the repository that the policy names, or add the repository there.",
        severity: Critical,
        check: Check::Evidence(check),
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://slsa.dev/spec/v1.1/verifying-artifacts"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    let Some(requirement) = evidence.requirement.as_ref().filter(|it| !it.sources.is_empty())
    else {
        return;
    };
    let provenances = attestations::provenances(evidence);
    let mut sources = provenances.iter().flat_map(|one| &one.sources);
    match sources.clone().next() {
        None if provenances.is_empty() => {}
        None => {
            let image = examined.display();
            examined.report(out, format!("the provenance of {image} names no source repository"));
        }
        Some(first) => {
            if !sources.any(|source| requirement.names_source(source)) {
                let (image, source) = (examined.display(), cut(first));
                let message =
                    format!("{image} was built from `{source}`, which the policy does not trust");
                examined.report(out, message);
            }
        }
    }
}
