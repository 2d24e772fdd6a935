use careen_image_model::oci::PredicateKind;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::subject::Examined;
use crate::{Check, attestations};

rule! {
    /// Provenance says which builder made the image from which source. Without it a signature
    /// proves only that somebody with the key had the image in hand. Asked for where the policy
    /// wants provenance, or names builders or sources.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has no provenance
    /// evidence: {searched: true, requirement: {pattern: "*", attestations: [provenance]}}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", attestations: [provenance]}
    ///   attestations: [{predicate-type: "https://slsa.dev/provenance/v1", place: sha256-12, verdict: valid}]
    /// ```
    /// ```image good file=app
    /// evidence: {searched: true, requirement: {pattern: "*"}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "provenance-missing",
        summary: "image has no provenance",
        remedy: "Let the builder attest provenance: `docker buildx build --provenance=mode=max`, signed with `cosign attest`.",
        severity: Medium,
        check: Check::Evidence(check),
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://slsa.dev/spec/v1.1/provenance"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    let is_kind = |kind| kind == PredicateKind::Provenance;
    if attestations::missing(evidence, is_kind).next().is_some() {
        let image = examined.display();
        examined.report(out, format!("{image} has no provenance"));
    }
}
