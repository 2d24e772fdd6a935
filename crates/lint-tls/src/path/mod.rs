//! Paths from a certificate to a trust anchor (RFC 5280 §6), and the first reason why there is
//! none, in words.
//!
//! Every path is checked wholly and every fault of it is kept, because a linter tells all of them
//! at once. What validators refuse is a fault here, though no two refuse the same: trust anchors
//! that are certificates are held to their own words, as Go and OpenSSL do. Revocation is not
//! looked at. A test asks rustls-webpki the same and lists where the two part ways.

mod fault;
mod link;
mod names;
mod walk;

use std::ops::ControlFlow;

use careen_x509_model::Certificate;

pub(crate) use fault::faults;
pub use fault::{Fault, FaultKind};
pub(crate) use link::{Link, Links};
pub(crate) use walk::{MOST_JUDGED, Step, walk};

use crate::chain::is_own_issuer;
use crate::names::{Called, Name};
use crate::roots;

/// What the certificate at the beginning of a path is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A server presents it.
    Server,
    /// A client presents it.
    Client,
}

/// Where a path is sought.
#[derive(Clone, Copy, Debug)]
pub struct Quest<'a> {
    /// The certificate at the beginning of the path.
    pub leaf: &'a Certificate,
    /// Certificates that the path may lead over, in any order.
    pub members: &'a [&'a Certificate],
    /// Certificates that are trusted.
    pub anchors: &'a [&'a Certificate],
    /// Whether Mozilla's roots are trusted as well.
    pub public_roots: bool,
    /// The moment in Unix seconds.
    pub now: i64,
    /// None where any will do.
    pub purpose: Option<Purpose>,
}

impl Quest<'_> {
    /// The certificates of a path from the leaf on. A root of Mozilla's at its end is not among
    /// them.
    ///
    /// # Errors
    ///
    /// The first fault of the first path that leads to an anchor; else why the longest one that
    /// does not ends where it does. Positions of the fault are those of the leaf, the members and
    /// the anchors in one row.
    pub fn find(&self) -> Result<Vec<&Certificate>, Fault> {
        let pool: Vec<&Certificate> = std::iter::once(self.leaf)
            .chain(self.members.iter().copied())
            .chain(self.anchors.iter().copied())
            .collect();
        let first_anchor = pool.len() - self.anchors.len();
        let judge =
            |path: &[usize], anchored| faults(&pool, path, anchored, self.now, self.purpose);
        // A certificate that is trusted itself needs no issuer (RFC 6125 §6.6.4 calls it pinned).
        if self.anchors.iter().any(|anchor| anchor.sha256 == self.leaf.sha256) {
            let fault = judge(&[0], true).into_iter().next();
            return fault.map_or_else(|| Ok(vec![self.leaf]), Err);
        }
        let mut links = Links::new(&pool);
        let mut found = None;
        let mut refused: Option<Fault> = None;
        let mut longest: Vec<usize> = Vec::new();
        let mut judged = 0;
        walk(&mut links, 0, &|at| at >= first_anchor, &mut |path, step| {
            let Some(&last) = path.last() else { return ControlFlow::Continue(()) };
            let at_anchor = last >= first_anchor;
            let by_public_root =
                || pool.get(last).is_some_and(|each| self.public_roots && roots::issued(each));
            if step == Step::Reached && (at_anchor || by_public_root()) {
                judged += 1;
                if judged > MOST_JUDGED {
                    return ControlFlow::Break(());
                }
                match judge(path, at_anchor).into_iter().next() {
                    None => {
                        found = Some(path.to_vec());
                        return ControlFlow::Break(());
                    }
                    Some(fault) => refused = refused.take().or(Some(fault)),
                }
            } else if step == Step::End && path.len() > longest.len() {
                longest = path.to_vec();
            }
            ControlFlow::Continue(())
        });
        if let Some(path) = found {
            return Ok(path.iter().filter_map(|&at| pool.get(at).copied()).collect());
        }
        Err(refused.unwrap_or_else(|| dead_end(&mut links, &pool, &longest)))
    }
}

/// Why a path goes no further.
fn dead_end(links: &mut Links<'_>, pool: &[&Certificate], path: &[usize]) -> Fault {
    let at = path.last().copied().unwrap_or_default();
    let fault = |kind, other, words| Fault { kind, at, other, words };
    let Some(last) = pool.get(at) else {
        return fault(FaultKind::NoIssuer, None, "there is no certificate".to_owned());
    };
    let called = Called(last);
    if links.is_spent() {
        let words = format!("the {called} has too many possible issuers");
        return fault(FaultKind::Budget, None, words);
    }
    if path.len() > walk::MOST_AUTHORITIES {
        let words =
            format!("there are more than {} CAs above the {called}", walk::MOST_AUTHORITIES);
        return fault(FaultKind::Budget, None, words);
    }
    if is_own_issuer(last) {
        return fault(
            FaultKind::NoIssuer,
            None,
            format!("the {called} is its own issuer, and not trusted"),
        );
    }
    let namesake = (0..pool.len()).find(|&other| links.between(at, other) == Some(Link::Namesake));
    match namesake.and_then(|other| Some((other, pool.get(other)?))) {
        Some((other, issuer)) => {
            let words = format!("the {called} is not signed by the key of `{}`", Name(issuer));
            fault(FaultKind::Signature, Some(other), words)
        }
        None => {
            fault(FaultKind::NoIssuer, None, format!("the issuer of the {called} is not there"))
        }
    }
}
