use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::signing;
use crate::subject::{Examined, reason};

rule! {
    /// Whoever can compute the private key signs whatever they like. RSA keys below 2048 bits,
    /// curves below 256 bits and SHA-1 are within reach.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` is signed by a weak key: RSA with 1024 bits
    /// evidence:
    ///   searched: true
    ///   signatures: [{form: cosign-tag, place: sha256-12.sig, verdict: valid, weak: RSA with 1024 bits}]
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   signatures:
    ///   - {form: cosign-tag, place: sha256-12.sig, verdict: valid, weak: RSA with 1024 bits}
    ///   - {form: cosign-tag, place: sha256-12.sig, verdict: valid}
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-weak-key",
        summary: "image is signed by a weak key",
        remedy: "Sign with ECDSA P-256 or Ed25519, and replace the key in the policy.",
        severity: High,
        check: Check::Evidence(check),
        security: true,
        cwe: &[326],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/verifying/verify/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    let weak = || signing::holding(evidence).map(|signature| signature.weak.as_deref());
    if let Some(Some(why)) = weak().next()
        && weak().all(|why| why.is_some())
    {
        let image = examined.display();
        examined.report(out, format!("{image} is signed by a weak key: {}", reason(why)));
    }
}
