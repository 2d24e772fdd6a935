//! Secrets that stand in another file now, or that another rule tells now.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Scene, likeness};
use crate::baseline::{Baseline, Key, Uses};
use crate::place::Place;

/// Matches findings of secrets. An entry that holds for nothing at its own path may hold for all
/// places of the value in one file, told by one rule. That is its own file, where another rule tells
/// the secret now, or another one, if the secret is gone from its own.
pub(super) fn settle(
    baseline: &Baseline,
    used: &mut Uses,
    strays: &[&Place],
    scene: &dyn Scene,
    known: &mut [Option<usize>],
) {
    let held = strays.iter().enumerate().filter(|(_, place)| place.held.is_some());
    let mut groups: BTreeMap<(String, &str, &str), Vec<usize>> = BTreeMap::new();
    for (at, place) in held {
        if let Key::Value(value) = place.key(baseline.salt()) {
            groups.entry((value, &place.path, place.rule.id)).or_default().push(at);
        }
    }
    if groups.is_empty() {
        return;
    }
    let mut idle: HashMap<&str, Vec<usize>> = HashMap::new();
    // Where each value stands.
    let mut standing: BTreeSet<(&str, &str)> =
        groups.keys().map(|(value, path, _)| (value.as_str(), *path)).collect();
    for (at, entry) in baseline.entries().iter().enumerate() {
        let Key::Value(value) = &entry.key else { continue };
        if used.get(&at).is_some_and(|used| *used > 0) {
            standing.insert((value, &entry.path));
        } else if scene.ran(&entry.rule) {
            idle.entry(value).or_default().push(at);
        }
    }
    // Those that only another rule tells go first: what is left may have come from elsewhere.
    let mut order: Vec<_> = groups.iter().collect();
    let is_at_home = |value: &str, path: &str| {
        let entries = idle.get(value).map(Vec::as_slice).unwrap_or_default();
        entries.iter().filter_map(|at| baseline.entries().get(*at)).any(|entry| entry.path == path)
    };
    order.sort_by_key(|((value, path, _), _)| !is_at_home(value, path));
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for ((value, path, _), places) in order {
        let Some(rule) = places.first().and_then(|at| strays.get(*at)).map(|it| it.rule) else {
            continue;
        };
        let entries = idle.get(value.as_str()).map(Vec::as_slice).unwrap_or_default();
        let free = entries.iter().copied().filter(|at| !taken.contains(at));
        let best = free
            .filter_map(|at| Some((at, baseline.entries().get(at)?)))
            .filter(|(_, entry)| {
                entry.path == *path
                    || (!standing.contains(&(value, &entry.path))
                        && (scene.was_read(&entry.path) || !scene.has_file(&entry.path)))
            })
            .max_by_key(|(at, entry)| {
                let same_rule = rule.is_called(&entry.rule);
                let near = likeness(&entry.path, path);
                (entry.path == *path, same_rule, near, std::cmp::Reverse(*at))
            });
        let Some((best, _)) = best else { continue };
        taken.insert(best);
        *used.entry(best).or_default() += places.len();
        for at in places {
            if let Some(known) = known.get_mut(*at) {
                *known = Some(best);
            }
        }
    }
}
