//! One result per secret: the best of its places, with the others beside it.
//!
//! A value that was committed has to be changed once, wherever it stands. Which findings are about
//! the same value is known by their [`Held`](careen_rule::Held); the value itself is not looked at.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use careen_rule::{Held, Identity, Judged, JudgedRelated};

/// Places that are listed with a result. One value may stand in thousands of files.
const MOST_PLACES: usize = 20;

/// A judged finding, with what is not told of it.
#[derive(Debug)]
pub(crate) struct Weighed {
    pub(crate) judged: Judged,
    pub(crate) held: Option<Held>,
    /// How many levels the role of its file lowers a severity: the fewer, the better the place.
    pub(crate) steps: usize,
}

/// File and number of a finding.
type At = (usize, usize);

/// Lets one finding of each secret speak for the others, which go. The findings are given by file,
/// in order. Suppressed ones stay as they are: they neither hide another place nor are listed.
///
/// Findings of different rules stay apart, unless one of them knows no more than a name.
pub(crate) fn unite(files: &mut [Vec<Weighed>]) {
    let mut secrets: BTreeMap<Identity, Vec<At>> = BTreeMap::new();
    for (file, findings) in files.iter().enumerate() {
        for (number, finding) in findings.iter().enumerate() {
            if let Some(held) = finding.held.filter(|_| finding.judged.suppressed.is_none()) {
                secrets.entry(held.identity).or_default().push((file, number));
            }
        }
    }
    let mut spoken_for: Vec<Vec<usize>> = vec![Vec::new(); files.len()];
    for places in secrets.into_values().filter(|places| places.len() > 1) {
        for (best, others) in groups(files, places) {
            join(files, best, &others);
            for (file, number) in others {
                if let Some(gone) = spoken_for.get_mut(file) {
                    gone.push(number);
                }
            }
        }
    }
    for (findings, mut gone) in files.iter_mut().zip(spoken_for) {
        gone.sort_unstable();
        let mut number = 0;
        findings.retain(|_| {
            let stays = gone.binary_search(&number).is_err();
            number += 1;
            stays
        });
    }
}

/// The places of one value by the finding that speaks for them, which is no longer among them. The
/// best stands in production rather than in a test, and knows more than a name.
fn groups(files: &[Vec<Weighed>], places: Vec<At>) -> Vec<(At, Vec<At>)> {
    let of = |at: &At| files.get(at.0).and_then(|findings| findings.get(at.1));
    let by_name = |at: &At| of(at).and_then(|it| it.held).is_some_and(|held| held.by_name);
    let rule = |at: &At| of(at).map(|it| it.judged.rule.id);
    let mut left = places;
    left.sort_by_key(|at| {
        let severity = of(at).map(|it| Reverse(it.judged.severity));
        (of(at).map(|it| it.steps), by_name(at), severity, *at)
    });
    let mut groups = Vec::new();
    while !left.is_empty() {
        let best = left.remove(0);
        let (own, rest): (Vec<At>, Vec<At>) = left
            .into_iter()
            .partition(|other| rule(other) == rule(&best) || by_name(other) || by_name(&best));
        left = rest;
        groups.push((best, own));
    }
    groups
}

/// Lists the other places with the best.
fn join(files: &mut [Vec<Weighed>], best: At, others: &[At]) {
    let of = |at: &At| files.get(at.0).and_then(|findings| findings.get(at.1));
    let Some(here) = of(&best) else { return };
    let known = |it: &&Weighed| {
        (&it.judged.path, it.judged.region) != (&here.judged.path, here.judged.region)
    };
    let others: Vec<&Weighed> = others.iter().filter_map(of).collect();
    let severity = others.iter().map(|it| it.judged.severity).max();
    let confidence = others.iter().map(|it| it.judged.confidence).max();
    let lowered = others
        .iter()
        .max_by_key(|it| (it.judged.severity, Reverse(it.steps)))
        .and_then(|it| it.judged.lowered);
    let elsewhere: Vec<&Weighed> = others.into_iter().filter(known).collect();
    let count = elsewhere.len();
    let listed: Vec<JudgedRelated> = elsewhere
        .into_iter()
        .take(MOST_PLACES)
        .map(|it| JudgedRelated {
            path: it.judged.path.clone(),
            region: it.judged.region,
            message: "the same secret".to_owned(),
            snippet: it.judged.snippet.clone(),
        })
        .collect();
    let Some(best) = files.get_mut(best.0).and_then(|findings| findings.get_mut(best.1)) else {
        return;
    };
    let judged = &mut best.judged;
    if severity > Some(judged.severity) {
        judged.severity = severity.unwrap_or(judged.severity);
        judged.lowered = lowered;
    }
    judged.confidence = confidence.map_or(judged.confidence, |it| it.max(judged.confidence));
    match count {
        0 => {}
        1 => judged.message.push_str(" (also in 1 other place)"),
        _ => judged.message.push_str(&format!(" (also in {count} other places)")),
    }
    judged.related.extend(listed);
}

#[cfg(test)]
mod tests;
