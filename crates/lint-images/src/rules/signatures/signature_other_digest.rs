use careen_image_model::oci::Verdict;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::signing;
use crate::subject::{Examined, reason};

rule! {
    /// The signature holds, and speaks about another image: it was copied here from one that was
    /// signed. Found also where no policy covers the image.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has a signature that speaks about something else: it names `sha256:12`
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: {other-digest: it names `sha256:12`}}
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4:
    ///   image:
    ///     evidence:
    ///       searched: true
    ///       requirement: {pattern: "*"}
    ///       signatures:
    ///       - {form: bundle, place: sha256-12, verdict: {other-digest: it names `sha256:12`}}
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
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` has a signature that speaks about something else: it names `sha256:12`
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: {other-digest: it names `sha256:12`}}
    ///   - {form: bundle, place: sha256-34, verdict: valid}
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-other-digest",
        summary: "signature speaks about another image",
        remedy: "Do not deploy the image; find out who put the signature there, then sign this digest.",
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
        let Verdict::OtherDigest(what) = &signature.verdict else { return None };
        Some(format!("has a signature that speaks about something else: {}", reason(what)))
    });
}
