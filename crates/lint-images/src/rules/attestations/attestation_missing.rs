use careen_image_model::oci::PredicateKind;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::subject::{Examined, cut};
use crate::{Check, attestations};

rule! {
    /// The policy asks for an attestation of this type, such as one that tests passed, and there is
    /// none. Provenance, lists of packages and scans have rules of their own.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has no attestation of type `https://example.com/tests/v1`
    /// evidence: {searched: true, requirement: {pattern: "*", attestations: ["https://example.com/tests/v1"]}}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", attestations: ["https://example.com/tests/v1"]}
    ///   attestations: [{predicate-type: "https://example.com/tests/v1", place: sha256-12, verdict: valid}]
    /// ```
    /// ```image good file=app
    /// evidence: {searched: true, requirement: {pattern: "*"}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "attestation-missing",
        summary: "image has no attestation of a type that the policy asks for",
        remedy: "Let the step that knows attest it: `cosign attest --type URI --predicate FILE IMAGE`.",
        severity: Medium,
        check: Check::Evidence(check),
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/verifying/attestation/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    let is_kind = |kind| {
        !matches!(
            kind,
            PredicateKind::Provenance | PredicateKind::Sbom | PredicateKind::Vulnerabilities
        )
    };
    if let Some(wanted) = attestations::missing(evidence, is_kind).next() {
        let (image, wanted) = (examined.display(), cut(wanted));
        examined.report(out, format!("{image} has no attestation of type `{wanted}`"));
    }
}
