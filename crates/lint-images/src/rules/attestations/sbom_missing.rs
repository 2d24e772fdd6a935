use careen_image_model::oci::PredicateKind;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::subject::Examined;
use crate::{Check, attestations};

rule! {
    /// With a list of what is in an image, the next Log4Shell is a search and not a week. Asked for
    /// where the policy wants one.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has no list of what is in it (SBOM)
    /// evidence: {searched: true, requirement: {pattern: "*", attestations: [sbom]}}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", attestations: [sbom]}
    ///   attestations: [{predicate-type: "https://spdx.dev/Document/v2.3", place: sha256-12, verdict: valid}]
    /// ```
    /// ```image good file=app
    /// evidence: {searched: true, requirement: {pattern: "*"}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "sbom-missing",
        summary: "image has no list of what is in it",
        remedy: "Attest one: `syft IMAGE -o spdx-json | cosign attest --type spdxjson --predicate - IMAGE`.",
        severity: Low,
        check: Check::Evidence(check),
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://www.cisa.gov/sbom"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    let is_kind = |kind| kind == PredicateKind::Sbom;
    if attestations::missing(evidence, is_kind).next().is_some() {
        let image = examined.display();
        examined.report(out, format!("{image} has no list of what is in it (SBOM)"));
    }
}
