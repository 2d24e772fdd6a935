use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::subject::{Examined, cut};
use crate::{Check, attestations};

rule! {
    /// Provenance by a builder that the policy does not name was made somewhere else: on a laptop,
    /// or in the account of somebody who got hold of the source.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` was built by `https://ci.example.org/laptop`, which the policy does not trust
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", builders: ["https://ci.example.com/*"]}
    ///   attestations:
    ///   - predicate-type: https://slsa.dev/provenance/v1
    ///     place: sha256-12
    ///     verdict: valid
    ///     predicate: {runDetails: {builder: {id: "https://ci.example.org/laptop"}}}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: the provenance of image `app` names no builder
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", builders: ["https://ci.example.com/*"]}
    ///   attestations:
    ///   - {predicate-type: "https://slsa.dev/provenance/v0.2", place: sha256-12, verdict: valid, predicate: {builder: {id: ""}}}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", builders: ["https://ci.example.com/*"]}
    ///   attestations:
    ///   - predicate-type: https://slsa.dev/provenance/v0.2
    ///     place: sha256-12
    ///     verdict: valid
    ///     predicate: {builder: {id: "https://ci.example.com/runner"}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "provenance-builder-not-allowed",
        summary: "image was built by a builder that the policy does not trust",
        remedy: "Build in the pipeline that the policy names, or add the builder there.",
        severity: High,
        check: Check::Evidence(check),
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://slsa.dev/spec/v1.1/provenance#builder"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    let Some(requirement) = evidence.requirement.as_ref().filter(|it| !it.builders.is_empty())
    else {
        return;
    };
    let provenances = attestations::provenances(evidence);
    let mut builders = provenances.iter().filter_map(|one| one.builder.as_deref());
    let Some(first) = builders.clone().next() else {
        if !provenances.is_empty() {
            let message = format!("the provenance of {} names no builder", examined.display());
            examined.report(out, message);
        }
        return;
    };
    if !builders.any(|builder| requirement.names_builder(builder)) {
        let (image, builder) = (examined.display(), cut(first));
        let message = format!("{image} was built by `{builder}`, which the policy does not trust");
        examined.report(out, message);
    }
}
