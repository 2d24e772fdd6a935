use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// Without a signature nothing tells an image that your pipeline built from one that somebody
    /// pushed over it. Asked for where `images.signatures` in `careen.yaml` covers the image.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `registry.example.com/shop/api:1` has no signature
    /// reference: registry.example.com/shop/api:1
    /// evidence: {searched: true, requirement: {pattern: registry.example.com/*}}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures: [{form: cosign-tag, place: sha256-12.sig, verdict: valid}]
    /// ```
    /// ```image good file=app
    /// evidence: {searched: true, requirement: {pattern: "*"}, unreachable: [the registry timed out]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-missing",
        summary: "image has no signature",
        remedy: "Sign the digest in the pipeline that pushes it: `cosign sign IMAGE@DIGEST`.",
        severity: High,
        check: Check::Image(check),
        peers: &["dockle:CIS-DI-0005", "cis:4.5"],
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/signing/signing_with_containers/"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let evidence = built.evidence();
    let asked = evidence.searched && evidence.requirement.is_some();
    if asked && evidence.signatures.is_empty() && evidence.unreachable.is_empty() {
        built.report_manifest(out, format!("image `{}` has no signature", built.name()));
    }
}
