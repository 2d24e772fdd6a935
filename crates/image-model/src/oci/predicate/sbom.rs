use std::iter;

use serde_json::Value;

use crate::oci::Attestation;
use crate::oci::json::{items, owned, text};

use super::PredicateKind;

/// Packages of one list that are taken.
const PACKAGES_MAX: usize = 100_000;

/// A list of what is in an image: SPDX 2 or `CycloneDX`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sbom {
    /// `SPDX` or `CycloneDX`.
    pub format: &'static str,
    /// The packages, without the image itself, its operating system and its files.
    pub packages: Vec<Package>,
    /// Whether it says what it is a list of.
    pub names_subject: bool,
}

/// A package of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version, if the list says.
    pub version: Option<String>,
    /// Licences: identifiers or expressions of SPDX, or names of another kind.
    pub licenses: Vec<String>,
}

impl Sbom {
    /// What an attestation says; none where it is no list of packages, or of a form that is not
    /// read.
    #[must_use]
    pub fn of(attestation: &Attestation) -> Option<Self> {
        let is_one = PredicateKind::of(&attestation.predicate_type) == PredicateKind::Sbom;
        is_one.then(|| Self::parse(&attestation.predicate))?
    }

    /// Reads a predicate. cosign used to wrap it in `Data`.
    #[must_use]
    pub fn parse(predicate: &Value) -> Option<Self> {
        let wrapped = predicate.get("Data").filter(|data| data.is_object());
        let document = wrapped.unwrap_or(predicate);
        if document.get("spdxVersion").is_some() {
            Some(spdx(document))
        } else if text(document, &["bomFormat"]) == Some("CycloneDX") {
            Some(cyclonedx(document))
        } else {
            None
        }
    }
}

fn spdx(document: &Value) -> Sbom {
    const NO_PACKAGES: [&str; 6] =
        ["APPLICATION", "CONTAINER", "FILE", "OPERATING-SYSTEM", "OPERATING_SYSTEM", "SOURCE"];
    let describes = |one: &Value| {
        let kind = text(one, &["relationshipType"]);
        kind == Some("DESCRIBES") || kind == Some("DESCRIBED_BY")
    };
    let names_subject = !items(document, &["documentDescribes"]).is_empty()
        || items(document, &["relationships"]).iter().any(describes);
    let packages = items(document, &["packages"]).iter().take(PACKAGES_MAX);
    let packages = packages.filter(|one| {
        text(one, &["primaryPackagePurpose"]).is_none_or(|it| !NO_PACKAGES.contains(&it))
    });
    let package = |one: &Value| {
        let said = |key: &str| {
            owned(one, &[key]).filter(|it| !matches!(it.as_str(), "NOASSERTION" | "NONE"))
        };
        Some(Package {
            name: owned(one, &["name"])?,
            version: said("versionInfo"),
            // What its owner says, unless somebody looked into it.
            licenses: said("licenseConcluded")
                .or_else(|| said("licenseDeclared"))
                .into_iter()
                .collect(),
        })
    };
    Sbom { format: "SPDX", packages: packages.filter_map(package).collect(), names_subject }
}

fn cyclonedx(document: &Value) -> Sbom {
    const NO_PACKAGES: [&str; 4] = ["container", "file", "operating-system", "platform"];
    let packages = items(document, &["components"]).iter().take(PACKAGES_MAX);
    let packages = packages.filter(|one| {
        text(one, &["type"]).is_none_or(|it| !NO_PACKAGES.contains(&it))
            // Lock files that a scanner found are applications without a version.
            && (text(one, &["type"]) != Some("application") || text(one, &["version"]).is_some())
    });
    let package = |one: &Value| {
        let licenses = items(one, &["licenses"]).iter().flat_map(|license| {
            let known = owned(license, &["expression"]);
            iter::once(known.or_else(|| owned(license, &["license", "id"])))
                .chain([owned(license, &["license", "name"])])
                .flatten()
                .take(1)
        });
        Some(Package {
            name: owned(one, &["name"])?,
            version: owned(one, &["version"]),
            licenses: licenses.collect(),
        })
    };
    Sbom {
        format: "CycloneDX",
        packages: packages.filter_map(package).collect(),
        names_subject: document.get("metadata").is_some_and(|it| it.get("component").is_some()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Sbom;

    #[test]
    fn both_formats_are_read() {
        let spdx = json!({
            "spdxVersion": "SPDX-2.3",
            "documentDescribes": ["SPDXRef-image"],
            "packages": [
                {"name": "app", "primaryPackagePurpose": "CONTAINER"},
                {"name": "musl", "versionInfo": "1.2", "licenseDeclared": "MIT"},
                {"name": "x", "versionInfo": "NOASSERTION", "licenseConcluded": "NONE"},
            ],
        });
        let cyclonedx = json!({
            "bomFormat": "CycloneDX",
            "metadata": {"component": {"name": "app"}},
            "components": [
                {"type": "operating-system", "name": "alpine"},
                {"type": "library", "name": "musl", "version": "1.2",
                 "licenses": [{"license": {"id": "MIT"}}]},
                {"type": "library", "name": "x"},
            ],
        });
        let (one, other) = (Sbom::parse(&spdx).unwrap(), Sbom::parse(&cyclonedx).unwrap());
        assert_eq!(one.packages, other.packages);
        assert_eq!(one.packages[0].licenses, ["MIT"]);
        assert_eq!(one.packages[1].version, None);
        assert!(one.names_subject && other.names_subject);
        assert_eq!(Sbom::parse(&json!({"Data": spdx})).unwrap(), one);
        assert_eq!(Sbom::parse(&json!({"Data": "SPDXVersion: SPDX-2.2"})), None);
    }
}
