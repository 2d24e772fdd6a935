use careen_image_model::oci::Sbom;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::subject::{Examined, Role};
use crate::{Check, attestations};

rule! {
    /// A list of packages without versions answers no question, and one that does not say what it
    /// lists may be that of another image. Some packages without a version are usual: more than one
    /// in ten are not.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: the list of what is in image `app` (SPDX) has no packages
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - predicate-type: https://spdx.dev/Document
    ///     place: index
    ///     verdict: unsigned
    ///     predicate: {spdxVersion: SPDX-2.3, documentDescribes: [SPDXRef-image], packages: []}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: the list of what is in image `app` (CycloneDX) has no version for 1 of 2 packages
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - predicate-type: https://cyclonedx.org/bom
    ///     place: sha256-12
    ///     verdict: valid
    ///     predicate:
    ///       bomFormat: CycloneDX
    ///       metadata: {component: {name: app}}
    ///       components: [{type: library, name: musl, version: "1.2"}, {type: library, name: zlib}]
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: the list of what is in image `app` (CycloneDX) does not say what it is a list of
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - predicate-type: https://cyclonedx.org/bom
    ///     place: sha256-12
    ///     verdict: valid
    ///     predicate: {bomFormat: CycloneDX, components: [{type: library, name: musl, version: "1.2"}]}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - predicate-type: https://spdx.dev/Document/v2.3
    ///     place: index
    ///     verdict: unsigned
    ///     predicate:
    ///       spdxVersion: SPDX-2.3
    ///       documentDescribes: [SPDXRef-image]
    ///       packages: [{name: musl, versionInfo: "1.2"}, {name: app, primaryPackagePurpose: CONTAINER}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "sbom-incomplete",
        summary: "list of what is in the image is incomplete",
        remedy: "Make the list of the finished image, with a tool that reads its package databases.",
        severity: Low,
        check: Check::Evidence(check),
        controls: &[control::IMAGE_SIGNED],
        references: &["https://www.ntia.gov/report/2021/minimum-elements-software-bill-materials-sbom"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence().filter(|_| examined.role != Role::Base) else {
        return;
    };
    let sboms = attestations::sboms(evidence);
    let Some(first) = sboms.first() else { return };
    let Some(lack) = lack(first).filter(|_| sboms.iter().all(|sbom| lack(sbom).is_some())) else {
        return;
    };
    let (image, format) = (examined.display(), first.format);
    examined.report(out, format!("the list of what is in {image} ({format}) {lack}"));
}

/// What a list lacks, as the end of a sentence about it.
fn lack(sbom: &Sbom) -> Option<String> {
    let all = sbom.packages.len();
    let bare = sbom.packages.iter().filter(|package| package.version.is_none()).count();
    if all == 0 {
        Some("has no packages".to_owned())
    } else if bare > all / 10 {
        Some(format!("has no version for {bare} of {all} packages"))
    } else if !sbom.names_subject {
        Some("does not say what it is a list of".to_owned())
    } else {
        None
    }
}
