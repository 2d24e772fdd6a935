use careen_image_model::oci::{Attestation, Evidence, Verdict};
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::attestations::{self, Standing};
use crate::subject::{Examined, cut};
use crate::{Check, signing};

rule! {
    /// An attestation that nobody signed says what anybody wanted it to say: whoever can push an
    /// image can push one. BuildKit puts provenance of that kind beside every image. Asked for
    /// where the policy wants an attestation of that type; one that does not hold, or speaks about
    /// another image, is found anyway.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has an attestation of type `https://slsa.dev/provenance/v0.2` that is not verified: nobody signed it
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", attestations: [provenance]}
    ///   attestations:
    ///   - {predicate-type: "https://slsa.dev/provenance/v0.2", place: index, verdict: unsigned}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has an attestation of type `https://spdx.dev/Document` that is not verified: it does not hold: the digest differs
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - {predicate-type: "https://spdx.dev/Document", place: sha256-12.att, verdict: {invalid: the digest differs}}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - {predicate-type: "https://slsa.dev/provenance/v0.2", place: index, verdict: unsigned}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", attestations: [provenance]}
    ///   attestations:
    ///   - {predicate-type: "https://slsa.dev/provenance/v0.2", place: index, verdict: unsigned}
    ///   - {predicate-type: "https://slsa.dev/provenance/v1", place: sha256-12, verdict: valid}
    /// ```
    pub(crate) static RULE: Check = {
        id: "attestation-unverified",
        summary: "attestation is not signed, or does not hold",
        remedy: "Sign attestations: `cosign attest`, or the attest action of your forge.",
        severity: High,
        check: Check::Evidence(check),
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/verifying/attestation/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    let asked =
        attestations::wanted(evidence).into_iter().find_map(|wanted| match attestations::standing(
            evidence, wanted,
        ) {
            Standing::Failed(nearest) => Some(nearest),
            _ => None,
        });
    let Some(found) = asked.or_else(|| broken(evidence)) else { return };
    let (image, kind) = (examined.display(), cut(&found.predicate_type));
    let why = match &found.verdict {
        Verdict::Unsigned => "nobody signed it".to_owned(),
        verdict => format!("it {}", signing::why(verdict, found.identity.as_ref())),
    };
    let message =
        format!("{image} has an attestation of type `{kind}` that is not verified: {why}");
    examined.report(out, message);
}

/// An attestation that is not what it says, with none of its type beside it that holds.
fn broken(evidence: &Evidence) -> Option<&Attestation> {
    evidence.attestations.iter().find(|one| {
        let is_broken = matches!(one.verdict, Verdict::Invalid(_) | Verdict::OtherDigest(_));
        is_broken
            && !evidence
                .attestations
                .iter()
                .any(|other| other.predicate_type == one.predicate_type && other.verdict.holds())
    })
}
