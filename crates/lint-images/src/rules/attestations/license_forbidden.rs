use std::collections::BTreeMap;

use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::subject::{Examined, cut};
use crate::{Check, attestations, licenses};

/// Packages that are listed.
const SHOWN: usize = 5;

rule! {
    /// Whoever ships a package ships its licence: some ask for the source of all that it is linked
    /// with, or for that of the whole service. Says nothing until `careen.yaml` tells which
    /// licences are forbidden, by their SPDX identifiers, in which `*` stands for any text. Of `A
    /// OR B` one that is allowed is enough. Packages come from attested lists (SBOM).
    ///
    /// ```config
    /// rules: {license-forbidden: {forbidden: ["AGPL-*", SSPL-1.0]}}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has packages under forbidden licences: `mongo` (`SSPL-1.0`), `tool` (`AGPL-3.0-only`)
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - predicate-type: https://spdx.dev/Document
    ///     place: index
    ///     verdict: unsigned
    ///     predicate:
    ///       spdxVersion: SPDX-2.3
    ///       packages:
    ///       - {name: tool, versionInfo: "1", licenseConcluded: NOASSERTION, licenseDeclared: MIT AND AGPL-3.0-only}
    ///       - {name: mongo, versionInfo: "7", licenseDeclared: SSPL-1.0}
    /// ```
    /// ```config
    /// rules: {license-forbidden: {forbidden: ["AGPL-*"]}}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - predicate-type: https://spdx.dev/Document
    ///     place: index
    ///     verdict: unsigned
    ///     predicate:
    ///       spdxVersion: SPDX-2.3
    ///       packages: [{name: tool, versionInfo: "1", licenseDeclared: AGPL-3.0-only OR MIT}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "license-forbidden",
        summary: "image has a package under a forbidden licence",
        remedy: "Take the package out, or one under another licence in its place.",
        severity: Medium,
        check: Check::Evidence(check),
        controls: &[control::IMAGE_SCANNED],
        references: &["https://spdx.org/licenses/"],
        options: &[RuleOption {
            name: "forbidden",
            kind: OptionKind::Words,
            summary: "SPDX identifiers of licences that no package may have; `*` stands for any text.",
        }],
    }
}

fn check(examined: &Examined<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let patterns = context.options.words(RULE.meta.id, "forbidden");
    let Some(evidence) = examined.evidence().filter(|_| !patterns.is_empty()) else { return };
    let mut found = BTreeMap::new();
    for package in attestations::sboms(evidence).into_iter().flat_map(|sbom| sbom.packages) {
        let names = package.licenses.iter();
        let bad = names.filter_map(|license| licenses::forbidden(license, patterns)).next();
        if let Some(license) = bad.map(str::to_owned) {
            found.entry(package.name).or_insert(license);
        }
    }
    if found.is_empty() {
        return;
    }
    let shown = found.iter().take(SHOWN);
    let list: Vec<_> =
        shown.map(|(name, license)| format!("`{}` (`{}`)", cut(name), cut(license))).collect();
    let mut message = format!(
        "{} has packages under forbidden licences: {}",
        examined.display(),
        list.join(", ")
    );
    if found.len() > SHOWN {
        message.push_str(&format!(" and {} more", found.len() - SHOWN));
    }
    let names: Vec<_> = found.into_keys().collect();
    examined.report_with(out, message, |finding| {
        finding.evidence(cut(&names.join(" ")));
    });
}
