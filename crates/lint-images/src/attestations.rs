//! What the attestations of an image come to.

use careen_image_model::oci::{
    Attestation, Evidence, PredicateKind, Provenance, Requirement, Sbom, Verdict,
};
use careen_rule::fits;

use crate::signing::distance;

/// What the attestations of one type come to.
#[derive(Debug)]
pub(crate) enum Standing<'e> {
    /// There is one that holds.
    Attested,
    /// None was found that holds, but not everything could be looked at: why.
    Unknown(&'e str),
    /// There is none.
    Missing,
    /// None holds: the one that comes nearest.
    Failed(&'e Attestation),
}

/// The types of attestations that the policy asks for: URIs, or words such as `provenance`.
pub(crate) fn wanted(evidence: &Evidence) -> Vec<&str> {
    let Some(requirement) = &evidence.requirement else { return Vec::new() };
    let mut types: Vec<&str> = requirement.attestations.iter().map(String::as_str).collect();
    // Who asks for a builder asks for the provenance that names it.
    let is_named = types.iter().any(|it| PredicateKind::of(it) == PredicateKind::Provenance);
    let asks_who = !requirement.builders.is_empty() || !requirement.sources.is_empty();
    if asks_who && !is_named {
        types.push("provenance");
    }
    types
}

/// Whether an attestation is of a type that a policy asks for. A URI stands for all its versions.
pub(crate) fn is_of(attestation: &Attestation, wanted: &str) -> bool {
    let own = attestation.predicate_type.as_str();
    match wanted {
        "spdx" | "spdxjson" => own.starts_with("https://spdx.dev/"),
        "cyclonedx" => own.starts_with("https://cyclonedx.org/bom"),
        uri if uri.contains("://") => {
            let rest = own.strip_prefix(uri.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
        }
        word => {
            let kind = PredicateKind::of(word);
            own == word || (kind != PredicateKind::Other && PredicateKind::of(own) == kind)
        }
    }
}

/// Judges the attestations of a type.
pub(crate) fn standing<'e>(evidence: &'e Evidence, wanted: &str) -> Standing<'e> {
    let all = || evidence.attestations.iter().filter(|one| is_of(one, wanted));
    if all().any(|one| one.verdict.holds()) {
        return Standing::Attested;
    }
    let unfetched = evidence.attestations.iter().find_map(|one| match &one.verdict {
        // What it would have been is not known either.
        Verdict::Unreachable(why) => Some(why.as_str()),
        _ => None,
    });
    if let Some(why) = unfetched.or(evidence.unreachable.first().map(String::as_str)) {
        return Standing::Unknown(why);
    }
    match all().min_by_key(|one| distance(&one.verdict)) {
        Some(nearest) => Standing::Failed(nearest),
        None => Standing::Missing,
    }
}

/// Why it is not known whether an attestation that the policy asks for is there.
pub(crate) fn unknown(evidence: &Evidence) -> Option<&str> {
    wanted(evidence).into_iter().find_map(|wanted| match standing(evidence, wanted) {
        Standing::Unknown(why) => Some(why),
        _ => None,
    })
}

/// The types of a kind that the policy asks for and that are not there.
pub(crate) fn missing(
    evidence: &Evidence,
    is_kind: impl Fn(PredicateKind) -> bool,
) -> impl Iterator<Item = &str> {
    wanted(evidence).into_iter().filter(move |wanted| {
        is_kind(PredicateKind::of(wanted))
            && matches!(standing(evidence, wanted), Standing::Missing)
    })
}

/// Attestations that are worth reading: those that hold, or else those that nobody signed.
fn readable(evidence: &Evidence, kind: PredicateKind) -> Vec<&Attestation> {
    let of = |suits: fn(&Verdict) -> bool| -> Vec<&Attestation> {
        let all = evidence.attestations.iter();
        all.filter(|one| PredicateKind::of(&one.predicate_type) == kind && suits(&one.verdict))
            .collect()
    };
    let holding = of(Verdict::holds);
    if holding.is_empty() { of(|verdict| *verdict == Verdict::Unsigned) } else { holding }
}

/// What is said about how the image was built.
pub(crate) fn provenances(evidence: &Evidence) -> Vec<Provenance> {
    let all = readable(evidence, PredicateKind::Provenance);
    all.into_iter().filter_map(Provenance::of).collect()
}

/// The lists of what is in the image.
pub(crate) fn sboms(evidence: &Evidence) -> Vec<Sbom> {
    readable(evidence, PredicateKind::Sbom).into_iter().filter_map(Sbom::of).collect()
}

/// Whether the policy trusts a builder.
pub(crate) fn trusts_builder(requirement: &Requirement, builder: &str) -> bool {
    requirement.builders.iter().any(|pattern| is_meant(pattern, builder))
}

/// Whether the policy trusts a source repository; its patterns may leave the scheme out.
pub(crate) fn trusts_source(requirement: &Requirement, source: &str) -> bool {
    let plain = source.split_once("://").map_or(source, |(_, rest)| rest);
    let of = |pattern: &String| {
        let pattern = pattern.trim_end_matches(".git");
        is_meant(pattern, source) || is_meant(pattern, plain)
    };
    requirement.sources.iter().any(of)
}

fn is_meant(pattern: &str, text: &str) -> bool {
    // An empty pattern would stand for everything.
    !pattern.is_empty() && fits(pattern, text)
}

#[cfg(test)]
mod tests {
    use careen_image_model::oci::{Attestation, Covers, Requirement, Verdict};

    use super::{is_of, trusts_source};

    #[test]
    fn a_type_stands_for_its_versions() {
        let of = |predicate_type: &str, wanted: &str| {
            let attestation = Attestation {
                predicate_type: predicate_type.to_owned(),
                place: String::new(),
                covers: Covers::Manifest,
                verdict: Verdict::Valid,
                identity: None,
                time: None,
                predicate: Default::default(),
            };
            is_of(&attestation, wanted)
        };
        assert!(of("https://spdx.dev/Document/v2.3", "https://spdx.dev/Document"));
        assert!(of("https://slsa.dev/provenance/v1", "provenance"));
        assert!(of("https://example.com/qa", "https://example.com/qa"));
        assert!(of("https://cyclonedx.org/bom/v1.6", "cyclonedx"));
        assert!(!of("https://cyclonedx.org/bom/v1.6", "spdx"));
        assert!(!of("https://slsa.dev/provenance/v0.2", "https://slsa.dev/provenance/v1"));
        assert!(!of("https://example.com/qa-other", "https://example.com/qa"));
        assert!(!of("https://example.com/qa", "other"));
    }

    #[test]
    fn sources_go_with_and_without_scheme() {
        let requirement = |pattern: &str| Requirement {
            sources: vec![pattern.to_owned()],
            ..Requirement::default()
        };
        let source = "https://github.com/shop/api";
        for pattern in
            ["https://github.com/shop/*", "github.com/shop/api", "github.com/shop/api.git"]
        {
            assert!(trusts_source(&requirement(pattern), source), "{pattern}");
        }
        for pattern in ["", "github.com/shop", "https://example.com/*"] {
            assert!(!trusts_source(&requirement(pattern), source), "{pattern}");
        }
    }
}
