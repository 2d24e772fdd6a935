//! What the attestations of an image come to.

use careen_image_model::oci::{Attestation, Evidence, PredicateKind, Provenance, Sbom, Verdict};

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

/// Judges the attestations of a type.
pub(crate) fn standing<'e>(evidence: &'e Evidence, wanted: &str) -> Standing<'e> {
    let all = || evidence.attestations.iter().filter(|one| one.is_of(wanted));
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
