use careen_image_model::oci::SignatureForm;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::signing;
use crate::subject::Examined;

rule! {
    /// cosign used to keep signatures in a tag `sha256-….sig` beside the image. Registries clean
    /// such tags up, and mirrors leave them behind; the signatures hold all the same. Docker
    /// Content Trust is retired.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` is signed in an old form only: cosign tag
    /// evidence:
    ///   searched: true
    ///   signatures: [{form: cosign-tag, place: sha256-12.sig, verdict: valid}]
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: image `app` is signed in an old form only: Docker Content Trust
    /// evidence:
    ///   searched: true
    ///   signatures:
    ///   - {form: content-trust, place: notary, verdict: {unsupported: it is retired}}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   signatures:
    ///   - {form: cosign-tag, place: sha256-12.sig, verdict: valid}
    ///   - {form: bundle, place: sha256-34, verdict: valid}
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-legacy-format",
        summary: "image is signed in an old form only",
        remedy: "Sign with cosign 3 or newer, which attaches a bundle to the image.",
        severity: Info,
        check: Check::Evidence(check),
        peers: &["dockle:CIS-DI-0005", "cis:4.5"],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/verifying/verify/"],
        default: false,
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    let mut forms = signing::holding(evidence).map(|one| one.form).peekable();
    let old = match forms.peek().copied() {
        Some(first) => forms.all(signing::is_legacy).then_some(first),
        // With a policy, another rule says that the form cannot be checked.
        None if evidence.requirement.is_none() => {
            let mut all = evidence.signatures.iter().map(|one| one.form);
            all.next().filter(|first| {
                *first == SignatureForm::ContentTrust && all.all(|form| form == *first)
            })
        }
        None => None,
    };
    if let Some(form) = old {
        let (image, form) = (examined.display(), form.name());
        examined.report(out, format!("{image} is signed in an old form only: {form}"));
    }
}
