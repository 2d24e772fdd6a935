use careen_image_model::oci::Verdict;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::signing;
use crate::subject::Examined;

rule! {
    /// A transparency log shows everybody what was signed with a key, so a stolen key is noticed.
    /// The policy asks for it. Keys of your own that never leave a vault may do without: say
    /// `transparency: optional`.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` is signed, but nothing proves that a transparency log has the signature
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: no-log}
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4:
    ///   image:
    ///     evidence:
    ///       searched: true
    ///       requirement: {pattern: "*"}
    ///       signatures:
    ///       - {form: bundle, place: sha256-12, verdict: no-log}
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
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` is signed, but nothing proves that a transparency log has the signature
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: no-log}
    ///   - {form: bundle, place: sha256-34, verdict: valid}
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-no-tlog",
        summary: "signature is in no transparency log",
        remedy: "Sign with the log (without `--tlog-upload=false`), or make it optional in the policy.",
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
        let words = "is signed, but nothing proves that a transparency log has the signature";
        (signature.verdict == Verdict::NoLog).then(|| words.to_owned())
    });
}
