//! How the certificates of one bundle hang together.

use std::ops::ControlFlow;

use careen_rule::Sink;
use careen_x509_model::{Certificate, Issued};

use crate::BundleSite;
use crate::names::evidence;
use crate::path::{Fault, FaultKind, Link, Links, MOST_JUDGED, Purpose, Step, faults, walk};

/// Larger bundles are no chains that a server presents; checking all pairs would cost too much.
pub(crate) const LONGEST: usize = 32;

/// The path from a leaf to as far as the bundle leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    /// Positions in the bundle, the leaf first; each is issued by the next. Of several paths, the
    /// one with the fewest faults, and of those the longest.
    pub(crate) path: Vec<usize>,
    /// Everything that is wrong with the path.
    pub(crate) faults: Vec<Fault>,
    /// A certificate that has the name of the last one's issuer, but did not sign it.
    pub(crate) namesake: Option<usize>,
    /// For each certificate of the bundle, whether it has a part in the path, be it as the
    /// cross-signed or renewed twin of one that is in it, or as the issuer of such a twin.
    related: Vec<bool>,
}

impl Chain {
    /// Follows issuers from the certificate at `start`. None for bundles that are too large.
    pub(crate) fn of(
        certificates: &[&Certificate],
        start: usize,
        now: i64,
        purpose: Option<Purpose>,
    ) -> Option<Self> {
        if certificates.len() > LONGEST {
            return None;
        }
        let mut links = Links::new(certificates);
        let mut best: Option<(Vec<usize>, Vec<Fault>)> = None;
        let mut judged = 0;
        let is_end = |at: usize| certificates.get(at).is_none_or(|each| is_own_issuer(each));
        walk(&mut links, start, &is_end, &mut |path, step| {
            if step == Step::End {
                judged += 1;
                if judged > MOST_JUDGED {
                    return ControlFlow::Break(());
                }
                let anchored = path.last().is_some_and(|&last| is_end(last));
                let faults = faults(certificates, path, anchored, now, purpose);
                let better = best.as_ref().is_none_or(|(known, known_faults)| {
                    (faults.len(), known.len()) < (known_faults.len(), path.len())
                });
                if better {
                    best = Some((path.to_vec(), faults));
                }
            }
            ControlFlow::Continue(())
        });
        let (path, faults) = best?;
        let last = *path.last()?;
        let dead = !is_end(last);
        let namesake = (0..certificates.len())
            .find(|&at| dead && links.between(last, at) == Some(Link::Namesake));
        let related = related(certificates, &path);
        Some(Self { path, faults, namesake, related })
    }

    /// Whether the certificate at a position has a part in the path.
    pub(crate) fn is_related(&self, at: usize) -> bool {
        self.related.get(at).copied().unwrap_or_default()
    }
}

/// Whether a certificate has signed itself, as far as that can be checked. A CA that has changed
/// its key may issue for the same name without.
pub(crate) const fn is_own_issuer(certificate: &Certificate) -> bool {
    matches!(certificate.self_issuance, Issued::Yes | Issued::UnsupportedAlgorithm)
}

fn related(certificates: &[&Certificate], path: &[usize]) -> Vec<bool> {
    let mut related: Vec<bool> = (0..certificates.len()).map(|at| path.contains(&at)).collect();
    // Every round marks one at least, so there are no more rounds than certificates.
    loop {
        let found = certificates.iter().zip(&related).position(|(candidate, known)| {
            let mut members = certificates.iter().zip(&related).filter(|(_, part)| **part);
            let repeats = members.clone().any(|(member, _)| member.sha256 == candidate.sha256);
            !known
                && !repeats
                && candidate.is_ca()
                && members.any(|(member, _)| {
                    [member.subject_hash, member.issuer_hash].contains(&candidate.subject_hash)
                })
        });
        match found.and_then(|at| related.get_mut(at)) {
            Some(mark) => *mark = true,
            None => return related,
        }
    }
}

/// Reports every fault of one kind in a bundle's chain.
pub(crate) fn tell(site: &BundleSite<'_>, kind: FaultKind, words: &str, out: &mut Sink<'_>) {
    for fault in site.faults().iter().filter(|fault| fault.kind == kind) {
        let Some(at) = site.site(fault.at) else { continue };
        let finding = out.report(at.item.place, fault.words.clone());
        finding.evidence(evidence(at.certificate));
        if let Some(other) = fault.other.and_then(|other| site.site(other)) {
            finding.related(&site.file.source, other.item.place, words);
        }
    }
}
