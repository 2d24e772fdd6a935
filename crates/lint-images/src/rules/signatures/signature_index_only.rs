use careen_image_model::oci::{Covers, Digest};
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::signing;
use crate::subject::Examined;

rule! {
    /// A pull takes the index of a reference and then the image for its platform, and clusters that
    /// check signatures ask about the digest that the reference leads to. Where only the image
    /// inside of the index is signed, they find no signature, and the images for other platforms
    /// have none. Where an image is deployed by its own digest and only the index is signed, it is
    /// the same the other way about.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: of image `app` the manifest for its platform is signed, but not the index that leads to it
    /// index: [linux/amd64, linux/arm64]
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures: [{form: bundle, place: sha256-12, verdict: valid}]
    /// ```
    /// ```image good file=app
    /// index: [linux/amd64, linux/arm64]
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures: [{form: bundle, place: sha256-12, verdict: valid, covers: index}]
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   signatures: [{form: bundle, place: sha256-12, verdict: valid}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "signature-index-only",
        summary: "the index is signed and the image is not, or the other way about",
        remedy: "Sign both: `cosign sign --recursive IMAGE@DIGEST`.",
        severity: Medium,
        check: Check::Evidence(check),
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/verifying/verify/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let (Some(image), Some(evidence)) = (examined.image, examined.evidence()) else { return };
    let Some(index) = image.index.as_ref().filter(|_| evidence.requirement.is_some()) else {
        return;
    };
    let mut signed = signing::holding(evidence).map(|one| one.covers).peekable();
    let Some(&first) = signed.peek() else { return };
    // A reference by the digest of the image passes the index by.
    let pinned = examined.reference().and_then(|reference| reference.digest());
    let by_image = pinned.is_some_and(|pinned| {
        let is = |digest: Option<&Digest>| digest.is_some_and(|it| it.as_str() == pinned);
        is(image.digest.as_ref()) && !is(index.digest.as_ref())
    });
    let needed = if by_image { Covers::Manifest } else { Covers::Index };
    if first == needed || !signed.all(|covers| covers == first) {
        return;
    }
    let image = examined.display();
    examined.report(out, if by_image {
        format!("of {image} the index is signed, but not the manifest that is deployed")
    } else {
        format!(
            "of {image} the manifest for its platform is signed, but not the index that leads to it"
        )
    });
}
