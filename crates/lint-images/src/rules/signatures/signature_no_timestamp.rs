use careen_image_model::oci::Verdict;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::signing;
use crate::subject::Examined;

rule! {
    /// Certificates for signing live ten minutes. Without an entry of a log or a timestamp nothing
    /// proves that the signature was made in that time, and not by somebody who found the key
    /// later.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` is signed, but nothing proves that its short-lived certificate was valid then
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: no-time}
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4:
    ///   image:
    ///     evidence:
    ///       searched: true
    ///       requirement: {pattern: "*"}
    ///       signatures:
    ///       - {form: bundle, place: sha256-12, verdict: no-time}
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
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` is signed, but nothing proves that its short-lived certificate was valid then
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: no-time}
    ///   - {form: bundle, place: sha256-34, verdict: valid}
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-no-timestamp",
        summary: "nothing proves when the image was signed",
        remedy: "Sign with the transparency log or with a timestamp authority.",
        severity: High,
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
        let words = "is signed, but nothing proves that its short-lived certificate was valid then";
        (signature.verdict == Verdict::NoTime).then(|| words.to_owned())
    });
}
