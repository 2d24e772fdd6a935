use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::signing::{self, Standing};
use crate::subject::{Examined, reason};
use crate::{Check, attestations};

rule! {
    /// The policy asks for signatures or attestations, and where they lie could not be looked at:
    /// the registry did not answer, or refused. Whether the image is good is not known, and that is
    /// no pass.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: whether image `app` is signed could not be checked: the registry timed out
    /// evidence: {searched: true, requirement: {pattern: "*"}, unreachable: [the registry timed out]}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: whether image `app` is attested could not be checked: access is denied
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*", attestations: [provenance]}
    ///   signatures: [{form: bundle, place: sha256-12, verdict: valid}]
    ///   unreachable: [access is denied]
    /// ```
    /// ```registry
    /// alpine:3.22:
    ///   image:
    ///     evidence: {searched: true, requirement: {pattern: "*"}, unreachable: [the registry timed out]}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// #    ^^^^^^^^^^^ whether base image `alpine:3.22` is signed could not be checked: the registry timed
    /// USER 101
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures: [{form: bundle, place: sha256-12, verdict: valid}]
    ///   unreachable: [the registry timed out]
    /// ```
    /// ```image good file=app
    /// evidence: {searched: true, unreachable: [the registry timed out]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-unchecked",
        summary: "signatures that the policy asks for could not be looked for",
        remedy: "Give access to the registry, or run the check where it can be reached.",
        severity: High,
        check: Check::Evidence(check),
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/verifying/verify/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    let (what, why) = match signing::standing(evidence) {
        Standing::Unknown(why) => ("signed", why),
        _ => match attestations::unknown(evidence) {
            Some(why) => ("attested", why),
            None => return,
        },
    };
    let (image, why) = (examined.display(), reason(why));
    let message = format!("whether {image} is {what} could not be checked: {why}");
    examined.report(out, message);
}
