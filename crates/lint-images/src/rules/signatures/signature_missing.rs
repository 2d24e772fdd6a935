use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::signing::{self, Standing};
use crate::subject::{Examined, Role};

rule! {
    /// Without a signature nothing tells an image that your pipeline built from one that somebody
    /// pushed over it. Asked for where `images.signatures` in `careen.yaml` covers the image. Of
    /// images that others are built on, `base-unsigned` speaks.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `registry.example.com/shop/api:1` has no signature
    /// reference: registry.example.com/shop/api:1
    /// evidence: {searched: true, requirement: {pattern: registry.example.com/*}}
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4:
    ///   image: {evidence: {searched: true, requirement: {pattern: "*"}}}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` has no signature
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
        check: Check::Evidence(check),
        peers: &["dockle:CIS-DI-0005", "cis:4.5"],
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/signing/signing_with_containers/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    if examined.role != Role::Base && matches!(signing::standing(evidence), Standing::Missing) {
        examined.report(out, format!("{} has no signature", examined.display()));
    }
}
