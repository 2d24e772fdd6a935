use std::collections::BTreeSet;

use careen_rule::{Held, Identity, Meta};

use super::{Scene, settle};
use crate::baseline::{Baseline, Uses};
use crate::place::Place;

static LIMIT: Meta = Meta { id: "limit", ..Meta::DEFAULT };
static PROBE: Meta = Meta { id: "probe", ..Meta::DEFAULT };
static TOKEN: Meta = Meta { id: "token", ..Meta::DEFAULT };

/// `path`, `path Object` or `path Object container` of everything that is there; all was read.
struct Stage(BTreeSet<String>);

impl Stage {
    fn of(things: &[&str]) -> Self {
        Self(things.iter().map(|it| (*it).to_owned()).collect())
    }
}

impl Scene for Stage {
    fn has_file(&self, path: &str) -> bool {
        self.0.iter().any(|it| it.split(' ').next() == Some(path))
    }

    fn was_read(&self, path: &str) -> bool {
        self.has_file(path)
    }

    fn has_object(&self, path: &str, object: &str) -> bool {
        self.0.iter().any(|it| it.starts_with(&format!("{path} {object}")))
    }

    fn has_container(&self, path: &str, object: &str, container: &str) -> bool {
        self.0.contains(&format!("{path} {object} {container}"))
    }

    fn ran(&self, _: &str) -> bool {
        true
    }
}

/// A finding of a thing as [`Stage`] writes it.
fn place(rule: &'static Meta, thing: &str, mark: &str) -> Place {
    let mut parts = thing.split(' ').map(str::to_owned);
    Place {
        rule,
        path: parts.next().unwrap(),
        object: parts.next(),
        container: parts.next(),
        mark: mark.to_owned(),
        fingerprint: format!("{} {thing} {mark}", rule.id),
        held: None,
        entry: None,
    }
}

fn secret(rule: &'static Meta, path: &str, value: &str) -> Place {
    let held = Held { identity: Identity::of(value), by_name: false };
    Place { held: Some(held), ..place(rule, path, "") }
}

/// Which of `now` were there before, by number in `before`; what is known exactly is left out.
fn known(before: &[Place], now: &[Place], there: &[&str]) -> Vec<bool> {
    let baseline = Baseline::of("b", before);
    let mut used = Uses::new();
    let mut strays = Vec::new();
    for place in now {
        let key = place.key(baseline.salt());
        let same = baseline.entries().iter().position(|entry| {
            entry.path == place.path && entry.rule == place.rule.id && entry.key == key
        });
        let by_value = place.held.is_some();
        match same.filter(|at| {
            by_value || used.get(at).copied().unwrap_or(0) < baseline.entries()[*at].count
        }) {
            Some(at) => *used.entry(at).or_default() += 1,
            None => strays.push(place),
        }
    }
    let known = settle(&baseline, &mut used, &strays, &Stage::of(there));
    known.into_iter().map(|at| at.is_some()).collect()
}

#[test]
fn an_object_in_another_file_is_the_same_if_it_left_the_old_one() {
    let before = [place(&LIMIT, "a Pod/web c", "m"), place(&PROBE, "a Pod/web c", "m")];
    let now = [place(&LIMIT, "b Pod/web c", "m"), place(&PROBE, "b Pod/web c", "n")];
    assert_eq!(known(&before, &now, &["a Pod/other", "b Pod/web c"]), [true, false]);
    assert_eq!(known(&before, &now, &["b Pod/web c"]), [true, false]);
    assert_eq!(known(&before, &now, &["a Pod/web c", "b Pod/web c"]), [false, false]);
}

#[test]
fn each_entry_holds_once() {
    let before = [place(&LIMIT, "a Pod/web c", "m")];
    let now = [place(&LIMIT, "b Pod/web c", "m"), place(&LIMIT, "b Pod/web c", "m")];
    assert_eq!(known(&before, &now, &["b Pod/web c"]), [true, false]);
    let now = [place(&LIMIT, "b Pod/web c", "m"), place(&LIMIT, "d Pod/web c", "m")];
    assert_eq!(known(&before, &now, &["b Pod/web c", "d Pod/web c"]), [true, false]);
}

#[test]
fn a_renamed_container_is_the_same_but_not_another_one() {
    let before = [place(&LIMIT, "a Pod/web c", "m"), place(&PROBE, "a Pod/web c", "m")];
    let now = [place(&LIMIT, "a Pod/web d", "m"), place(&PROBE, "a Pod/web d", "m")];
    assert_eq!(known(&before, &now, &["a Pod/web d"]), [true, true]);
    // Mended here and made there.
    assert_eq!(known(&before, &now, &["a Pod/web c", "a Pod/web d"]), [false, false]);
    // One that was known is not the one that is gone.
    let before = [place(&LIMIT, "a Pod/web c", "m"), place(&PROBE, "a Pod/web d", "m")];
    let now = [place(&LIMIT, "a Pod/web d", "m")];
    assert_eq!(known(&before, &now, &["a Pod/web d"]), [false]);
    // Two at once are told apart by what is found.
    let before = [place(&LIMIT, "a Pod/web c", "m"), place(&PROBE, "a Pod/web d", "m")];
    let now = [place(&LIMIT, "a Pod/web y", "m"), place(&PROBE, "a Pod/web x", "m")];
    assert_eq!(known(&before, &now, &["a Pod/web x", "a Pod/web y"]), [true, true]);
}

#[test]
fn a_renamed_object_is_the_same_if_its_findings_are() {
    let before = [place(&LIMIT, "a Pod/web c", "m"), place(&PROBE, "a Pod/web", "m")];
    let now = [place(&LIMIT, "a Pod/api c", "m"), place(&PROBE, "a Pod/api", "m")];
    assert_eq!(known(&before, &now, &["a Pod/api c"]), [true, true]);
    assert_eq!(known(&before, &now, &["a Pod/api c", "a Pod/web c"]), [false, false]);
    // The container's name may have changed with it.
    let now = [place(&LIMIT, "a Pod/api d", "m"), place(&PROBE, "a Pod/api", "m")];
    assert_eq!(known(&before, &now, &["a Pod/api d"]), [true, true]);
    // A kind, and findings of their own, make another object.
    let now = [place(&LIMIT, "a Job/api c", "m")];
    assert_eq!(known(&before, &now, &["a Job/api c"]), [false]);
    let now = [place(&LIMIT, "a Pod/api c", "n")];
    assert_eq!(known(&before, &now, &["a Pod/api c"]), [false]);
}

#[test]
fn a_file_and_an_object_and_a_container_may_be_renamed_at_once() {
    let before = [
        place(&LIMIT, "a Service/web", "m"),
        place(&LIMIT, "a Pod/web c", "m"),
        place(&PROBE, "a Pod/web c", "m"),
    ];
    let now = [
        place(&LIMIT, "b Service/web", "m"),
        place(&LIMIT, "b Pod/api d", "m"),
        place(&PROBE, "b Pod/api d", "m"),
        place(&TOKEN, "b Pod/api d", "m"),
    ];
    let there = ["b Service/web", "b Pod/api d"];
    assert_eq!(known(&before, &now, &there), [true, true, true, false]);
}

#[test]
fn files_without_names_inside_are_told_by_what_is_found() {
    let of = |path: &str, marks: &[&str]| -> Vec<Place> {
        marks.iter().map(|mark| place(&LIMIT, &format!("{path} Dockerfile"), mark)).collect()
    };
    let before = [of("a/Dockerfile", &["1", "2"]), of("b/Dockerfile", &["3", "4"])].concat();
    let now = [of("x/Dockerfile", &["3", "4"]), of("y/Dockerfile", &["1", "2", "5"])].concat();
    let there = ["x/Dockerfile Dockerfile", "y/Dockerfile Dockerfile"];
    assert_eq!(known(&before, &now, &there), [true, true, true, true, false]);
    let other = of("x/Dockerfile", &["5", "6", "7", "1"]);
    assert_eq!(known(&before, &other, &there), [false, false, false, true]);
    let renamed = of("x/Containerfile", &["1", "8", "9"]);
    assert_eq!(known(&before, &renamed, &["x/Containerfile Dockerfile"]), [false, false, false]);
}

#[test]
fn a_secret_is_known_by_its_value_where_it_went() {
    let before = [secret(&TOKEN, "a", "one-secret")];
    assert_eq!(known(&before, &[secret(&TOKEN, "b", "one-secret")], &["a", "b"]), [true]);
    assert_eq!(known(&before, &[secret(&TOKEN, "b", "two-secret")], &["a", "b"]), [false]);
    // A copy is new, and so is a second one.
    let copy = [secret(&TOKEN, "a", "one-secret"), secret(&TOKEN, "b", "one-secret")];
    assert_eq!(known(&before, &copy, &["a", "b"]), [false]);
    let two = [secret(&TOKEN, "b", "one-secret"), secret(&TOKEN, "d", "one-secret")];
    assert_eq!(known(&before, &two, &["b", "d"]), [true, false]);
    // Another rule may tell it, unless the first one still does.
    assert_eq!(known(&before, &[secret(&LIMIT, "a", "one-secret")], &["a"]), [true]);
    let both = [secret(&TOKEN, "a", "one-secret"), secret(&LIMIT, "a", "one-secret")];
    assert_eq!(known(&before, &both, &["a"]), [false]);
}
