use careen_image_model::oci::Verdict;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::signing;
use crate::subject::{Examined, reason};

rule! {
    /// The image is signed in a form that is not checked here, such as Notation or GPG simple
    /// signing: it may be good or not. Docker Content Trust is retired; nothing renews its keys.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` is signed in a form that cannot be checked (Sigstore bundle): JWS envelopes are not read
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: {unsupported: JWS envelopes are not read}}
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4:
    ///   image:
    ///     evidence:
    ///       searched: true
    ///       requirement: {pattern: "*"}
    ///       signatures:
    ///       - {form: bundle, place: sha256-12, verdict: {unsupported: JWS envelopes are not read}}
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
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` is signed in a form that cannot be checked (Sigstore bundle): JWS envelopes are not read
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: {unsupported: JWS envelopes are not read}}
    ///   - {form: bundle, place: sha256-34, verdict: valid}
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-unsupported-format",
        summary: "signature is of a form that cannot be checked",
        remedy: "Sign with cosign besides, or verify the other form in the pipeline.",
        severity: Medium,
        check: Check::Evidence(check),
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/verifying/verify/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(signature) = signing::failed(examined) else { return };
    if let Verdict::Unsupported(why) = &signature.verdict {
        let (image, form, why) = (examined.display(), signature.form.name(), reason(why));
        let message = format!("{image} is signed in a form that cannot be checked ({form}): {why}");
        examined.report(out, message);
    }
}
