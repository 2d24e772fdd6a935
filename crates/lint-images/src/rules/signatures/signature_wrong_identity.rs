use careen_image_model::oci::Verdict;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::signing;
use crate::subject::{Examined, cut};

rule! {
    /// The signature holds, and its certificate names somebody whom the policy does not trust.
    /// Anybody can get a certificate of Sigstore for an address or a workflow of their own: who
    /// signed is the whole point of the check.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` is signed by `someone@example.org` (issuer `https://accounts.example.org`), whom the policy does not trust
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: wrong-identity, identity: {issuer: "https://accounts.example.org", subject: someone@example.org}}
    /// ```
    /// ```registry
    /// registry.example.com/web:1.4:
    ///   image:
    ///     evidence:
    ///       searched: true
    ///       requirement: {pattern: "*"}
    ///       signatures:
    ///       - {form: bundle, place: sha256-12, verdict: wrong-identity, identity: {issuer: "https://accounts.example.org", subject: someone@example.org}}
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
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` is signed by `someone@example.org` (issuer `https://accounts.example.org`), whom the policy does not trust
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures:
    ///   - {form: bundle, place: sha256-12, verdict: wrong-identity}
    ///   - {form: bundle, place: sha256-34, verdict: valid}
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-wrong-identity",
        summary: "image is signed by an identity that the policy does not trust",
        remedy: "Find out who signed it; sign it in the workflow that the policy names, or add the identity there.",
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
        if signature.verdict != Verdict::WrongIdentity {
            return None;
        }
        let who = match &signature.identity {
            Some(who) => {
                format!("by `{}` (issuer `{}`)", cut(&who.subject), cut(&who.issuer))
            }
            None => "by somebody".to_owned(),
        };
        Some(format!("is signed {who}, whom the policy does not trust"))
    });
}
