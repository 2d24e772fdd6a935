//! Findings that are the same although names or paths around them are not.
//!
//! What no entry knows by path and names is held against the entries that are left over. First it is
//! told which *things* are the same: an object that stands in another file now, an object that has
//! another name, a container that has another name. A thing is only taken for another one if the
//! old one is gone and the new one was not known, so that a defect that is mended here and made
//! there is never taken for the same. Then the findings of such things are matched by what is wrong,
//! each with one entry. Secrets are matched by value.

mod homes;
mod values;

use std::collections::{BTreeMap, HashMap};

use self::homes::{Home, Homes};
use crate::baseline::{Baseline, Key, Uses};
use crate::place::Place;

/// What stands where at the time of the run. In doubt something is there.
pub trait Scene {
    /// Whether a file is there.
    fn has_file(&self, path: &str) -> bool;
    /// Whether a file was looked at.
    fn was_read(&self, path: &str) -> bool;
    /// Whether an object, such as `Deployment/shop/api`, stands in a file.
    fn has_object(&self, path: &str, object: &str) -> bool;
    /// Whether an object in a file has a container of this name.
    fn has_container(&self, path: &str, object: &str, container: &str) -> bool;
    /// Whether the rule of this name was asked for.
    fn ran(&self, rule: &str) -> bool;
}

/// For each of the findings that no entry knows, the entry that knows it all the same. `used` says
/// what the entries are used up for, and is brought up to date. The order of `strays` decides which
/// of equal findings are the known ones.
pub(crate) fn settle(
    baseline: &Baseline,
    used: &mut Uses,
    strays: &[&Place],
    scene: &dyn Scene,
) -> Vec<Option<usize>> {
    let mut known = vec![None; strays.len()];
    values::settle(baseline, used, strays, scene, &mut known);
    let left = |at: usize| left_of(baseline, used, at);
    let homes = Homes::of(baseline, &left, strays, scene);
    let mut index: HashMap<(Home<'_>, &str, &str), Vec<usize>> = HashMap::new();
    for (at, entry) in baseline.entries().iter().enumerate() {
        if let Some(mark) = entry.mark.as_deref().filter(|_| left(at) > 0 && scene.ran(&entry.rule))
        {
            let container = entry.container.as_deref().unwrap_or_default();
            index.entry((Home::of_entry(entry), container, mark)).or_default().push(at);
        }
    }
    for (place, known) in strays.iter().zip(&mut known) {
        if place.held.is_some() || known.is_some() {
            continue;
        }
        let Some((home, container)) = homes.origin(place) else { continue };
        let entries = index.get(&(home, container, &*place.mark)).map(Vec::as_slice);
        let same = entries.unwrap_or_default().iter().copied().find(|&at| {
            let entry = baseline.entries().get(at);
            let same = entry.is_some_and(|entry| place.rule.is_called(&entry.rule));
            same && left_of(baseline, used, at) > 0
        });
        if let Some(at) = same {
            *used.entry(at).or_default() += 1;
            *known = Some(at);
        }
    }
    known
}

/// How many findings an entry may still hold for. Of a secret's entry that is another question.
fn left_of(baseline: &Baseline, used: &BTreeMap<usize, usize>, at: usize) -> usize {
    let Some(entry) = baseline.entries().get(at) else { return 0 };
    match entry.key {
        Key::Fingerprint(_) => entry.count.saturating_sub(used.get(&at).copied().unwrap_or(0)),
        Key::Value(_) => 0,
    }
}

/// How much of two paths is the same: parts at the end, then parts at the beginning.
fn likeness(a: &str, b: &str) -> (usize, usize) {
    let same = |(a, b): &(&str, &str)| a == b;
    let end = a.rsplit('/').zip(b.rsplit('/')).take_while(same).count();
    let start = a.split('/').zip(b.split('/')).take_while(same).count();
    (end, start)
}

#[cfg(test)]
mod tests;
