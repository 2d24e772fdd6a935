//! What attestations state: provenance of SLSA, lists of packages.
//!
//! Everything is read leniently: what is malformed is absent.

mod provenance;
mod sbom;

pub use provenance::{Material, Provenance};
pub use sbom::{Package, Sbom};

/// What kind of statement an attestation makes, by its predicate type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PredicateKind {
    /// How the image was built: SLSA provenance.
    Provenance,
    /// What is in it: SPDX or `CycloneDX`.
    Sbom,
    /// What a scanner found.
    Vulnerabilities,
    /// Which vulnerabilities matter: `OpenVEX`.
    Vex,
    /// That it is an image which was signed: cosign's signature in the form of an attestation.
    Signature,
    /// Anything else.
    Other,
}

impl PredicateKind {
    /// The kind of a predicate type: a URI, or a word as the command line of cosign has it.
    #[must_use]
    pub fn of(predicate_type: &str) -> Self {
        const STARTS: &[(&str, PredicateKind)] = &[
            ("https://slsa.dev/provenance/", PredicateKind::Provenance),
            ("https://spdx.dev/Document", PredicateKind::Sbom),
            ("https://cyclonedx.org/vex", PredicateKind::Vex),
            ("https://cyclonedx.org/", PredicateKind::Sbom),
            ("https://cosign.sigstore.dev/attestation/vuln/", PredicateKind::Vulnerabilities),
            ("https://in-toto.io/attestation/vulns/", PredicateKind::Vulnerabilities),
            ("https://openvex.dev/ns", PredicateKind::Vex),
            ("https://sigstore.dev/cosign/sign/", PredicateKind::Signature),
        ];
        match predicate_type {
            "provenance" | "slsaprovenance" | "slsaprovenance02" | "slsaprovenance1" => {
                return Self::Provenance;
            }
            "sbom" | "spdx" | "spdxjson" | "cyclonedx" => return Self::Sbom,
            "vuln" | "vulns" | "vulnerabilities" => return Self::Vulnerabilities,
            "vex" | "openvex" => return Self::Vex,
            _ => {}
        }
        let known = STARTS.iter().find(|(start, _)| predicate_type.starts_with(start));
        known.map_or(Self::Other, |(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::PredicateKind;

    #[test]
    fn kinds() {
        for (text, kind) in [
            ("https://slsa.dev/provenance/v0.2", PredicateKind::Provenance),
            ("https://spdx.dev/Document/v2.3", PredicateKind::Sbom),
            ("https://cyclonedx.org/bom", PredicateKind::Sbom),
            ("vuln", PredicateKind::Vulnerabilities),
            ("https://openvex.dev/ns/v0.2.0", PredicateKind::Vex),
            ("https://example.com/qa", PredicateKind::Other),
            ("", PredicateKind::Other),
        ] {
            assert_eq!(PredicateKind::of(text), kind, "{text}");
        }
    }
}
