use careen_image_model::oci::Verdict;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::signing;
use crate::subject::{Examined, reason};

rule! {
    /// The certificate of the signature was issued by nobody whom the policy trusts. That is
    /// another Sigstore than yours (a private one, the staging one), or a certificate that somebody
    /// made.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has a signature whose certificate leads to no trusted root: its issuer is unknown
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: {untrusted-root: its issuer is unknown}}
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4:
    ///   image:
    ///     evidence:
    ///       searched: true
    ///       requirement: {pattern: "*"}
    ///       signatures:
    ///       - {form: bundle, place: sha256-12, verdict: {untrusted-root: its issuer is unknown}}
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
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` has a signature whose certificate leads to no trusted root: its issuer is unknown
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: {untrusted-root: its issuer is unknown}}
    ///   - {form: bundle, place: sha256-34, verdict: valid}
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-untrusted-root",
        summary: "certificate of the signature leads to no trusted root",
        remedy: "Sign with the Sigstore of the policy, or name its trust root there.",
        severity: Critical,
        check: Check::Evidence(check),
        peers: &["cis:4.12"],
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/verifying/verify/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    signing::report_failed(examined, out, |signature| {
        let Verdict::UntrustedRoot(why) = &signature.verdict else { return None };
        let why = reason(why);
        Some(format!("has a signature whose certificate leads to no trusted root: {why}"))
    });
}
