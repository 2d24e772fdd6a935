//! All ways from a certificate up through those that issued it, within bounds.

use std::ops::ControlFlow;

use super::link::{Link, Links};

/// CAs between a leaf and an anchor; webpki goes no further either.
pub(crate) const MOST_AUTHORITIES: usize = 6;
/// Certificates visited in one walk: a hostile bundle has more ways than anybody has time.
const MOST_VISITS: usize = 2_000;

/// Paths of one walk that are judged: what is wrong with the first is wrong with the rest.
pub(crate) const MOST_JUDGED: usize = 32;

/// What a visitor is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The path has come to its last certificate.
    Reached,
    /// From there, it leads no further.
    End,
}

type Visit<'v> = &'v mut dyn FnMut(&[usize], Step) -> ControlFlow<()>;

/// Walks from the certificate at `start`, depth first. Paths end at those that `is_end` names.
pub(crate) fn walk(
    links: &mut Links<'_>,
    start: usize,
    is_end: &dyn Fn(usize) -> bool,
    visit: Visit<'_>,
) {
    let mut visits = MOST_VISITS;
    let _ = step(links, &mut vec![start], is_end, visit, &mut visits);
}

/// Recurs to the depth of [`MOST_AUTHORITIES`] and the two ends.
fn step(
    links: &mut Links<'_>,
    path: &mut Vec<usize>,
    is_end: &dyn Fn(usize) -> bool,
    visit: Visit<'_>,
    visits: &mut usize,
) -> ControlFlow<()> {
    let Some(left) = visits.checked_sub(1) else { return ControlFlow::Break(()) };
    *visits = left;
    visit(path, Step::Reached)?;
    let Some(&child) = path.last() else { return ControlFlow::Continue(()) };
    let mut further = Vec::new();
    if !is_end(child) && path.len() < MOST_AUTHORITIES + 2 {
        for at in 0..links.pool.len() {
            if !repeats(links, path, at)
                && let Some(link) = links.between(child, at).filter(|link| link.leads_on())
            {
                // Too many CAs may still end at an anchor.
                if path.len() <= MOST_AUTHORITIES || is_end(at) {
                    further.push((link != Link::Issuer, !is_end(at), at));
                }
            }
        }
        further.sort_unstable();
    }
    if further.is_empty() {
        return visit(path, Step::End);
    }
    for (_, _, at) in further {
        path.push(at);
        step(links, path, is_end, visit, visits)?;
        path.pop();
    }
    ControlFlow::Continue(())
}

/// Whether the path already leads over a certificate of the same name and key (RFC 4158 §5.2).
fn repeats(links: &Links<'_>, path: &[usize], at: usize) -> bool {
    let Some(next) = links.pool.get(at) else { return true };
    path.iter().filter_map(|&before| links.pool.get(before)).any(|before| {
        before.subject_hash == next.subject_hash && before.key.spki_sha256 == next.key.spki_sha256
    })
}
