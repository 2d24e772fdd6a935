//! How the certificates of one bundle hang together.

use careen_x509_model::{Certificate, Issued};

/// Larger bundles are no chains that a server presents; checking all pairs would cost too much.
const LONGEST: usize = 32;

/// The path from a leaf to as far as the bundle leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    /// Positions in the bundle, the leaf first; each is issued by the next.
    pub(crate) path: Vec<usize>,
    /// A certificate that has the name of the last one's issuer, but did not sign it.
    pub(crate) namesake: Option<usize>,
    /// For each certificate of the bundle, whether it has a part in the path, be it as the
    /// cross-signed or renewed twin of one that is in it, or as the issuer of such a twin.
    related: Vec<bool>,
}

impl Chain {
    /// Follows issuers from the certificate at `start`. None for bundles that are too large.
    pub(crate) fn of(certificates: &[&Certificate], start: usize) -> Option<Self> {
        if certificates.len() > LONGEST {
            return None;
        }
        let mut chain = Self { path: vec![start], ..Self::default() };
        let mut child = certificates.get(start)?;
        while chain.path.len() <= certificates.len() {
            if child.self_issued {
                break;
            }
            chain.namesake = None;
            let mut next = None;
            for (at, issuer) in certificates.iter().enumerate() {
                if chain.path.contains(&at) || issuer.sha256 == child.sha256 {
                    continue;
                }
                match issuer.issued(child) {
                    Issued::Yes | Issued::UnsupportedAlgorithm => {
                        next = Some(at);
                        break;
                    }
                    Issued::NamesOnly => chain.namesake = chain.namesake.or(Some(at)),
                    Issued::No => {}
                }
            }
            let Some(at) = next else { break };
            chain.namesake = None;
            chain.path.push(at);
            child = certificates.get(at)?;
        }
        chain.related = related(certificates, &chain.path);
        Some(chain)
    }

    /// Whether the certificate at a position has a part in the path.
    pub(crate) fn is_related(&self, at: usize) -> bool {
        self.related.get(at).copied().unwrap_or_default()
    }
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
