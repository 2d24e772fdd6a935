//! Which things are the same: files, objects, containers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Scene, likeness};
use crate::baseline::{Baseline, Entry};
use crate::place::Place;

/// Things of one kind that are compared with each other. With more, those beyond are not.
const MOST_COMPARED: usize = 200;

/// What findings are about: an object in a file, or the file itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Home<'a> {
    path: &'a str,
    /// `Deployment/shop/api`; empty for the file itself.
    object: &'a str,
}

impl<'a> Home<'a> {
    pub(super) fn of_entry(entry: &'a Entry) -> Self {
        Self { path: &entry.path, object: entry.object.as_deref().unwrap_or_default() }
    }

    fn of_place(place: &'a Place) -> Self {
        Self { path: &place.path, object: place.object.as_deref().unwrap_or_default() }
    }

    fn is_gone(&self, scene: &dyn Scene) -> bool {
        if self.object.is_empty() {
            !scene.has_file(self.path)
        } else {
            !scene.has_object(self.path, self.object)
        }
    }

    fn kind(&self) -> &'a str {
        self.object.split_once('/').map_or(self.object, |(kind, _)| kind)
    }

    /// Whether its name tells it from others, wherever it stands.
    fn is_named(&self) -> bool {
        self.object.contains('/')
    }

    fn file_name(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// A finding of a thing: rule, container, mark.
type Item<'a> = (&'a str, &'a str, &'a str);
/// How often each is found.
type Items<'a> = BTreeMap<Item<'a>, usize>;

/// What each thing of today was called.
pub(super) struct Homes<'a> {
    homes: HashMap<Home<'a>, Home<'a>>,
    containers: HashMap<(Home<'a>, &'a str), &'a str>,
}

impl<'a> Homes<'a> {
    /// Compares what is left over on both sides. `left` says how many findings an entry may still
    /// hold for.
    pub(super) fn of(
        baseline: &'a Baseline,
        left: &dyn Fn(usize) -> usize,
        strays: &[&'a Place],
        scene: &dyn Scene,
    ) -> Self {
        let marked = || baseline.entries().iter().filter(|entry| entry.mark.is_some());
        let known: HashSet<Home<'a>> = marked().map(Home::of_entry).collect();
        let mut old: BTreeMap<Home<'a>, Items<'a>> = BTreeMap::new();
        for (at, entry) in baseline.entries().iter().enumerate() {
            let Some(mark) = entry.mark.as_deref().filter(|_| left(at) > 0) else { continue };
            let container = entry.container.as_deref().unwrap_or_default();
            let items = old.entry(Home::of_entry(entry)).or_default();
            *items.entry((&entry.rule, container, mark)).or_default() += left(at);
        }
        let mut new: BTreeMap<Home<'a>, Items<'a>> = BTreeMap::new();
        for place in strays.iter().filter(|place| place.held.is_none()) {
            let container = place.container.as_deref().unwrap_or_default();
            let items = new.entry(Home::of_place(place)).or_default();
            *items.entry((place.rule.id, container, &place.mark)).or_default() += 1;
        }
        let mut search = Search { old: &old, new: &new, scene, homes: HashMap::new() };
        search.run(&known);
        let mut homes = Self { homes: search.homes, containers: HashMap::new() };
        let containers: HashSet<(Home<'a>, &str)> = marked()
            .filter_map(|entry| Some((Home::of_entry(entry), entry.container.as_deref()?)))
            .collect();
        homes.find_containers(&old, &new, &containers, scene);
        homes
    }

    /// What a finding's object and container were called, if they were known.
    pub(super) fn origin(&self, place: &'a Place) -> Option<(Home<'a>, &'a str)> {
        let home = Home::of_place(place);
        let container = place.container.as_deref().unwrap_or_default();
        let before = self.containers.get(&(home, container)).copied();
        Some((*self.homes.get(&home)?, before.unwrap_or(container)))
    }

    /// Pairs containers that are gone with ones that were not known, within one object.
    fn find_containers(
        &mut self,
        old: &BTreeMap<Home<'a>, Items<'a>>,
        new: &BTreeMap<Home<'a>, Items<'a>>,
        known: &HashSet<(Home<'a>, &str)>,
        scene: &dyn Scene,
    ) {
        for (now, before) in &self.homes {
            let (Some(fresh), Some(left)) = (new.get(now), old.get(before)) else { continue };
            let fresh: Vec<(&'a str, Items<'a>)> = by_container(fresh)
                .filter(|(container, _)| !known.contains(&(*before, container)))
                .collect();
            let left: Vec<(&'a str, Items<'a>)> = by_container(left)
                .filter(|(container, _)| !scene.has_container(now.path, now.object, container))
                .collect();
            let pairs = pair(&left, &fresh, |(_, left), (_, fresh)| {
                let (shared, most, _) = compare(left, fresh);
                (shared > 0 && shared * 2 >= most).then_some(shared)
            });
            for (left, fresh) in pairs {
                self.containers.insert((*now, fresh.0), left.0);
            }
        }
    }
}

/// The findings of each container, without its name.
fn by_container<'a>(items: &Items<'a>) -> impl Iterator<Item = (&'a str, Items<'a>)> + use<'a> {
    let mut parts: BTreeMap<&'a str, Items<'a>> = BTreeMap::new();
    for (&(rule, container, mark), count) in items {
        if !container.is_empty() {
            *parts.entry(container).or_default().entry((rule, "", mark)).or_default() += count;
        }
    }
    parts.into_iter()
}

/// The search for things that have another path or name now.
struct Search<'a, 's> {
    old: &'s BTreeMap<Home<'a>, Items<'a>>,
    new: &'s BTreeMap<Home<'a>, Items<'a>>,
    scene: &'s dyn Scene,
    homes: HashMap<Home<'a>, Home<'a>>,
}

impl<'a> Search<'a, '_> {
    fn run(&mut self, known: &HashSet<Home<'a>>) {
        let mut gone: BTreeSet<Home<'a>> =
            self.old.keys().filter(|home| home.is_gone(self.scene)).copied().collect();
        let mut fresh: BTreeSet<Home<'a>> = BTreeSet::new();
        for home in self.new.keys() {
            if known.contains(home) {
                self.homes.insert(*home, *home);
            } else {
                fresh.insert(*home);
            }
        }
        // The same object in another file. Of files, those of the same name first.
        self.match_by(&mut gone, &mut fresh, |home| (home.object, home.file_name()), Self::moved);
        self.match_by(&mut gone, &mut fresh, |home| (home.object, ""), Self::moved);
        // Another object in the same file, or in one that others of it have moved to.
        let files = self.files();
        let is_near = |gone: &Home<'a>, fresh: &Home<'a>| {
            let moved = || files.contains(&(gone.path, fresh.path));
            gone.path == fresh.path || (moved() && !self.scene.has_file(gone.path))
        };
        let mut groups: BTreeMap<&str, (Vec<Home<'a>>, Vec<Home<'a>>)> = BTreeMap::new();
        for home in gone.iter().filter(|home| home.is_named()) {
            groups.entry(home.kind()).or_default().0.push(*home);
        }
        for home in fresh.iter().filter(|home| home.is_named()) {
            groups.entry(home.kind()).or_default().1.push(*home);
        }
        let mut found = Vec::new();
        for (gone, fresh) in groups.values() {
            let pairs = pair(gone, fresh, |old, new| {
                let alone = || {
                    gone.iter().filter(|it| is_near(it, new)).count() == 1
                        && fresh.iter().filter(|it| is_near(old, it)).count() == 1
                };
                is_near(old, new).then(|| self.renamed(old, new, alone())).flatten()
            });
            found.extend(pairs.into_iter().map(|(gone, fresh)| (*fresh, *gone)));
        }
        self.homes.extend(found);
    }

    /// Pairs what has the same key.
    fn match_by<K: Ord>(
        &mut self,
        gone: &mut BTreeSet<Home<'a>>,
        fresh: &mut BTreeSet<Home<'a>>,
        key: impl Fn(&Home<'a>) -> K,
        score: fn(&Self, &Home<'a>, &Home<'a>) -> Option<Score>,
    ) {
        let mut groups: BTreeMap<K, (Vec<Home<'a>>, Vec<Home<'a>>)> = BTreeMap::new();
        for home in gone.iter() {
            groups.entry(key(home)).or_default().0.push(*home);
        }
        for home in fresh.iter() {
            groups.entry(key(home)).or_default().1.push(*home);
        }
        for (old, new) in groups.values() {
            for (old, new) in pair(old, new, |old, new| score(self, old, new)) {
                self.homes.insert(*new, *old);
                gone.remove(old);
                fresh.remove(new);
            }
        }
    }

    /// How well a thing fits one of the same name in another file. A name speaks for itself; without
    /// one, what is found has to.
    fn moved(&self, gone: &Home<'a>, fresh: &Home<'a>) -> Option<Score> {
        let (shared, most, least) = self.compared(gone, fresh)?;
        let same_name = gone.file_name() == fresh.file_name();
        let enough = if same_name { least } else { most };
        let same = gone.is_named() || (shared > 0 && shared * 2 >= enough);
        same.then(|| (likeness(gone.path, fresh.path), shared))
    }

    /// How well an object fits one of another name in the same file: by what is found in containers
    /// of the same names. One that is alone on both sides needs no such names, if most of what is
    /// found is the same.
    fn renamed(&self, gone: &Home<'a>, fresh: &Home<'a>, alone: bool) -> Option<usize> {
        let (old, new) = (self.old.get(gone)?, self.new.get(fresh)?);
        let inner = |items: &Items<'a>| items.keys().any(|(_, container, _)| !container.is_empty());
        let both = inner(old) && inner(new);
        let same = old.iter().filter(|((_, container, _), _)| !both || !container.is_empty());
        let strong: usize =
            same.map(|(item, count)| new.get(item).map_or(0, |other| *count.min(other))).sum();
        let (shared, most, _) = compare(&without_containers(old), &without_containers(new));
        let same = strong > 0 || (alone && shared * 2 >= most);
        (same && shared > 0).then_some(strong * 2 + shared)
    }

    fn compared(&self, gone: &Home<'a>, fresh: &Home<'a>) -> Option<(usize, usize, usize)> {
        Some(compare(self.old.get(gone)?, self.new.get(fresh)?))
    }

    /// From which file to which something has moved.
    fn files(&self) -> HashSet<(&'a str, &'a str)> {
        let moved = self.homes.iter().filter(|(now, before)| now.path != before.path);
        moved.map(|(now, before)| (before.path, now.path)).collect()
    }
}

type Score = ((usize, usize), usize);

fn without_containers<'a>(items: &Items<'a>) -> Items<'a> {
    let mut all = Items::new();
    for (&(rule, _, mark), count) in items {
        *all.entry((rule, "", mark)).or_default() += count;
    }
    all
}

/// How many findings two things share, and how many the one with more and the one with fewer have.
fn compare(a: &Items<'_>, b: &Items<'_>) -> (usize, usize, usize) {
    let shared = a.iter().map(|(item, count)| b.get(item).map_or(0, |other| *count.min(other)));
    let (a, b): (usize, usize) = (a.values().sum(), b.values().sum());
    (shared.sum(), a.max(b), a.min(b))
}

/// Pairs of both sides, the best first, each in one pair at most. What has no score makes no pair.
fn pair<'t, T, S: Ord>(
    old: &'t [T],
    new: &'t [T],
    score: impl Fn(&T, &T) -> Option<S>,
) -> Vec<(&'t T, &'t T)> {
    let mut scored = Vec::new();
    for (i, a) in old.iter().take(MOST_COMPARED).enumerate() {
        for (j, b) in new.iter().take(MOST_COMPARED).enumerate() {
            if let Some(score) = score(a, b) {
                scored.push((Reverse(score), i, j));
            }
        }
    }
    scored.sort_unstable();
    let (mut olds, mut news) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, i, j) in scored {
        if olds.contains(&i) || news.contains(&j) {
            continue;
        }
        if let (Some(a), Some(b)) = (old.get(i), new.get(j)) {
            pairs.push((a, b));
            olds.insert(i);
            news.insert(j);
        }
    }
    pairs
}
